import { expect } from 'chai';
import { readdir, readFile } from 'node:fs/promises';
import { lintBundle } from '../../src/commands/lint-bundle.ts';
import { createLintThread } from '../../src/commands/lint-thread.ts';
import { lintRules, severityOf, type LintRule } from '../../src/contract/lint-rules.ts';
import { examplesByRule, lintMarkdown } from '../../src/http/lint-page.ts';
import { createLogger } from '../../src/support/logger.ts';
import { context, examples } from './examples.ts';

const folder = new URL('../../docs/lint/', import.meta.url);
const rules = Object.keys(lintRules) as LintRule[];
const regenerate = 'run `npm run docs`';

describe('lint rules', () => {
  for (const rule of rules.filter((each) => each !== 'too-slow')) {
    it(`${rule}: its example breaks it, and no other`, async () => {
      const { findings } = await lintBundle(new Map(Object.entries({ ...context, ...examples[rule].files })));

      const errors = findings.filter(({ severity }) => severity === 'error').map((finding) => finding.rule);
      const warnings = findings.filter(({ severity }) => severity === 'warning').map((finding) => finding.rule);
      const told = JSON.stringify(findings, null, 1);
      if (severityOf(rule) === 'error') expect([...new Set(errors)], told).to.deep.equal([rule]);
      else expect([...new Set([...errors, ...warnings])], told).to.deep.equal([rule]);
      expect(
        findings.every(({ message }) => /[.?]$/.test(message)),
        told,
      ).to.equal(true);
    });
  }

  it('too-slow: its example breaks it when there is no time at all', async () => {
    const thread = createLintThread(createLogger('silent'), { deadlineMs: 0 });
    try {
      const { findings } = await thread.lint(new Map(Object.entries(examples['too-slow'].files)));
      expect(findings.map(({ rule }) => rule)).to.deep.equal(['too-slow']);
    } finally {
      await thread.close();
    }
  });

  it('every rule has its page, which shows the example that is kept beside it', async () => {
    const kept = await readdir(new URL('examples/', folder));
    const pages = lintMarkdown(examplesByRule(kept));
    const stored = (await readdir(folder)).filter((name) => name.endsWith('.md'));
    expect(stored.sort(), regenerate).to.deep.equal([...pages.keys()].sort());
    for (const [name, text] of pages) expect(await readFile(new URL(name, folder), 'utf8'), regenerate).to.equal(text);
    for (const rule of rules.filter((each) => examples[each].kept !== false))
      expect(pages.get(`${rule}.md`)).to.contain(`examples/${rule}.`);
  });

  it('the examples that are kept are those that are tested', async () => {
    const wanted = {
      ...context,
      ...Object.assign({}, ...rules.filter((rule) => examples[rule].kept !== false).map((rule) => examples[rule].files)),
    } as Record<string, string>;
    const kept = await readdir(new URL('examples/', folder));
    expect(kept.sort(), 'run `node --import tsx test/lint/write-examples.ts`').to.deep.equal(Object.keys(wanted).sort());
    for (const [name, content] of Object.entries(wanted))
      expect(await readFile(new URL(`examples/${name}`, folder), 'utf8'), name).to.equal(content);
  });
});
