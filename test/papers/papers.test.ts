import path from 'node:path';
import { expect } from 'chai';
import { layers } from '../architecture/layers.ts';
import { processesFolder, readResources } from '../../src/resources.ts';
import { roles } from '../../src/policies/roles.ts';
import { exists, foldersIn, matches, papers, read, scripts, settingsOf } from './papers.ts';

describe('papers', () => {
  it('every script that a paper names exists', () => {
    const unknown = papers.flatMap((paper) =>
      matches(read(paper), /\bnpm run ([\w:-]+)/g)
        .filter((name) => !Object.hasOwn(scripts, name))
        .map((name) => `${paper}: npm run ${name}`),
    );
    expect(unknown).to.deep.equal([]);
  });

  it('every link inside the repository leads somewhere', () => {
    const broken = papers.flatMap((paper) =>
      matches(read(paper), /\]\(([^)\s]+)\)/g)
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => !leadsSomewhere(paper, link))
        .map((link) => `${paper}: ${link}`),
    );
    expect(broken).to.deep.equal([]);
  });

  it('the folder table of README.md has every folder of src/', () => {
    const named = matches(read('README.md'), /^\| `src\/([\w-]+)\/`/gm);
    expect(named.sort()).to.deep.equal(foldersIn('src').sort());
  });

  it('the layer table of CONTRIBUTING.md has every layer', () => {
    const text = read('CONTRIBUTING.md');
    const table = text.slice(text.indexOf('## Layers'), text.indexOf('## How to add'));
    expect(matches(table, /^\| `([\w-]+)` \|/gm).sort()).to.deep.equal(Object.keys(layers).sort());
  });

  it('docs/settings.md has every setting of the service and of the sandbox, and no other', () => {
    const [, service = '', sandbox = ''] = read('docs/settings.md').split(/^## /m);
    const rows = (section: string): string[] => matches(section, /^\| `([A-Z_]+)` \|/gm).sort();
    expect(rows(service)).to.deep.equal(settingsOf('src/config.ts').sort());
    expect(rows(sandbox)).to.deep.equal(settingsOf('src/sandbox/config.ts').sort());
  });

  it('docs/domain.md has every state of the diagrams, and docs/glossary.md every role', async () => {
    const diagrams = [...(await readResources(processesFolder))].filter(([name]) => name.endsWith('.bpmn'));
    const states = diagrams.flatMap(([, xml]) => matches(xml, /name="workflowState" value="(\w+)"/g));
    expect(states).to.include('CLEARED');
    expect(states.filter((state) => !read('docs/domain.md').includes(`\`${state}\``))).to.deep.equal([]);
    expect(roles.filter((role) => !read('docs/glossary.md').includes(`\`${role}\``))).to.deep.equal([]);
  });

  it('docs/domain.md names tests that exist', () => {
    const named = matches(read('docs/domain.md'), /`(test\/[\w./-]+)`/g);
    expect(named.filter((file) => !exists(file))).to.deep.equal([]);
  });

  it('docs/reliability.md names tests by their titles', () => {
    const rows = [...read('docs/reliability.md').matchAll(/\| `(test\/[\w./-]+)` \| (.+?) \|$/gm)];
    expect(rows.length).to.be.greaterThan(40);
    expect(
      rows.filter(([, file = '', title = '']) => !exists(file) || !read(file).includes(title)).map(([row]) => row),
    ).to.deep.equal([]);
  });

  it('the decisions are numbered without a gap, listed, and say where they stand', () => {
    const index = read('docs/adr/README.md');
    const files = papers.filter((paper) => /^docs\/adr\/\d{4}-/.test(paper)).sort();
    expect(files.map((file) => Number(path.basename(file).slice(0, 4)))).to.deep.equal(files.map((_, at) => at + 1));
    const listed = matches(index, /\]\((\d{4}-[\w-]+\.md)\)/g);
    expect(listed).to.deep.equal(files.map((file) => path.basename(file)));
    const sections = ['Status: ', '## Context', '## Decision', '## Consequences', '## Measured'];
    expect(files.filter((file) => !sections.every((section) => read(file).includes(section)))).to.deep.equal([]);
  });

  it('CHANGELOG.md has the version of package.json', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(read('CHANGELOG.md')).to.include(`## [${version}]`);
  });
});

/** A file or folder of the repository, or a heading of the paper itself. */
function leadsSomewhere(paper: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? paper : path.posix.join(path.posix.dirname(paper), file);
  if (!exists(target)) return false;
  return anchor === undefined || headings(read(target)).includes(anchor);
}

/** As GitHub makes anchors of headings. */
const headings = (text: string): string[] =>
  matches(text, /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
