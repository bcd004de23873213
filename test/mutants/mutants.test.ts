import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { urlOf } from '../cli/run.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { copyProject, type Copy } from './copy.ts';
import { judge } from './judge.ts';
import { occurrences } from './mutant.ts';
import { mutants } from './mutants.ts';
import { runTests } from './run-tests.ts';
import { paper, withTable } from './table.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(repository, file), 'utf8');

/** The cheapest, one of each kind: a lock, a key, a rule. All of them run with `npm run mutants`. */
const seededHere: readonly string[] = ['stock-unguarded', 'key-for-anything', 'override-twice'];

describe('seeded bugs', () => {
  it('are at least 14, each under a name of its own', () => {
    expect(mutants.length).to.be.at.least(14);
    expect(new Set(mutants.map(({ name }) => name)).size).to.equal(mutants.length);
    expect(seededHere.filter((name) => !mutants.some((mutant) => mutant.name === name))).to.deep.equal([]);
  });

  it('have their texts in the source, each exactly once, and change them', () => {
    const stale = mutants.flatMap(({ name, edits }) =>
      edits.flatMap((edit) => {
        const times = existsSync(path.join(repository, edit.file)) ? occurrences(edit, read(edit.file)) : 0;
        return times === 1 && edit.from !== edit.to ? [] : [`${name}: ${edit.file} has it ${times} times: ${edit.from}`];
      }),
    );
    expect(stale).to.deep.equal([]);
  });

  it('have tests that exist', () => {
    const missing = mutants.filter(({ caughtBy: { file, title } }) => {
      const text = existsSync(path.join(repository, file)) ? read(file) : '';
      return text.split(title).length !== 2;
    });
    expect(missing.map(({ name, caughtBy }) => `${name}: ${caughtBy.file}: ${caughtBy.title}`)).to.deep.equal([]);
  });

  it('stand in docs/reliability.md as they are (npm run mutants -- --write brings it up to date)', () => {
    const text = readFileSync(paper, 'utf8');
    expect(withTable(text)).to.equal(text);
  });

  it('are judged by the test that has to find them, and by nothing else', () => {
    const [mutant] = mutants;
    if (!mutant) throw new Error('no bug');
    const { title } = mutant.caughtBy;
    const failing = (failed: string, message = 'AssertionError: expected 1 to equal 2') =>
      judge(mutant, { passed: [], failed: [{ title: failed, message }] }).caught;
    expect(failing(title)).to.equal(true);
    expect(failing(`"after each" hook: the ledgers agree for "${title}"`)).to.equal(true);
    expect(failing(`"before all" hook for "${title}"`), 'it did not even begin').to.equal(false);
    expect(failing('another test')).to.equal(false);
    expect(failing(title, 'ReferenceError: now is not defined'), 'the service is broken, no rule of it').to.equal(false);
    expect(judge(mutant, { passed: [title], failed: [] }).caught).to.equal(false);
    expect(judge(mutant, { passed: [], failed: [] }).caught, 'nothing ran').to.equal(false);
  });

  describe('of which the cheapest are seeded here', function () {
    this.timeout(180_000); // each is a run of mocha of its own
    let copy: Copy;
    let server: TestDatabase;
    before(async () => {
      server = await openTestDatabase();
      copy = copyProject();
    });
    after(async () => {
      copy.remove();
      await server.drop();
    });

    it('a text that is not there once is not replaced', () => {
      const nowhere = { file: 'src/commands/perform.ts', from: 'a text that is nowhere', to: '' };
      expect(() => copy.apply([nowhere])).to.throw('0 times');
      expect(() => copy.apply([{ ...nowhere, from: 'const ' }])).to.throw('times, not once');
    });

    for (const mutant of mutants.filter(({ name }) => seededHere.includes(name))) {
      it(`${mutant.what}: caught`, async () => {
        const takeOut = copy.apply(mutant.edits);
        try {
          const verdict = judge(mutant, await runTests(copy.folder, [mutant.caughtBy], urlOf(server.target)));
          expect(verdict.caught, verdict.because).to.equal(true);
        } finally {
          takeOut();
        }
      });
    }
  });
});
