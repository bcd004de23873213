import { expect } from 'chai';
import { createLintThread, type LintThread } from '../../src/commands/lint-thread.ts';
import type { Resources } from '../../src/commands/bundle-files.ts';
import { processesFolder, readResources } from '../../src/resources.ts';
import { createLogger } from '../../src/support/logger.ts';
import { problemOf } from '../helpers/problems.ts';
import { lintBundle } from '../../src/commands/lint-bundle.ts';
import { context, examples } from './examples.ts';

const logger = createLogger('silent');
const small = (name: string): Resources => new Map(Object.entries({ ...context, [`${name}.txt`]: '' }));
/** Reading it takes seconds: expressions that the parser tries to repair. */
const slow: Resources = new Map(
  Array.from({ length: 4 }, (_, file) => [
    `slow${file}.dmn`,
    `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="http://t">${Array.from(
      { length: 400 },
      (_, index) =>
        `<decision id="d${file}_${index}" name="x"><literalExpression id="l${index}"><text>${'(1+'.repeat(30)}${'1+'.repeat(900)}1 +</text></literalExpression></decision>`,
    ).join('')}</definitions>`,
  ]),
);

describe('the thread that reads uploads', function () {
  this.timeout(60_000);
  const threads: LintThread[] = [];
  const thread = (limits = {}): LintThread => {
    const made = createLintThread(logger, limits);
    threads.push(made);
    return made;
  };
  after(() => Promise.all(threads.map((each) => each.close())));

  it('says the same as the linter in this thread, of all that is shipped too', async () => {
    const { lint } = thread();
    for (const resources of [await readResources(processesFolder), new Map(Object.entries(examples.gap.files))])
      expect(await lint(resources)).to.deep.equal(await lintBundle(resources));
  });

  it('refuses what takes too long, answers others meanwhile, and then reads the next upload', async () => {
    const { lint } = thread({ deadlineMs: 500 });
    let turns = 0;
    const turning = setInterval(() => turns++, 10);

    const { findings } = await lint(slow);

    clearInterval(turning);
    expect(findings.map(({ rule }) => rule)).to.deep.equal(['too-slow']);
    expect(turns, 'this thread went on').to.be.greaterThan(10);
    expect((await lint(small('next'))).findings.map(({ rule }) => rule)).to.deep.equal(['file-kind']);
  });

  it('refuses what takes too much memory, and then reads the next upload', async () => {
    const { lint } = thread({ memoryMb: 64, deadlineMs: 30_000 });
    const wide = JSON.stringify({ anyOf: Array.from({ length: 40_000 }, (_, n) => ({ required: [`m${n}`] })) });
    const many = new Map(Array.from({ length: 5 }, (_, n) => [`wide${n}.schema.json`, wide]));
    expect((await lint(many)).findings.map(({ rule }) => rule)).to.deep.equal(['too-slow']);
    expect((await lint(small('next'))).findings.map(({ rule }) => rule)).to.deep.equal(['file-kind']);
  });

  it('lets eight wait and sends the ninth away, to come again', async () => {
    const { lint } = thread();
    const waiting = Array.from({ length: 8 }, (_, index) => lint(small(`f${index}`)));
    const problem = await problemOf(Promise.resolve().then(() => lint(small('ninth'))));
    expect([problem.code, problem.extensions['retryAfter']]).to.deep.equal(['unavailable', 5]);
    expect(await Promise.all(waiting)).to.have.length(8);
  });
});
