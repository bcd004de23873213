import { expect } from 'chai';
import { createLintThread, type LintThread } from '../../src/commands/lint-thread.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { serve, type Client } from '../http/client.ts';
import { sendFiles } from '../http/forms.ts';
import { createLogger } from '../../src/support/logger.ts';
import { corpus, type Hostile } from './corpus.ts';

/** Whoever sends the worst file gets an answer within this time, ms. */
const patience = 5_000;

const hostile = await corpus();

describe('hostile files, over HTTP', function () {
  this.timeout(60_000);
  let world: World;
  let linter: LintThread;
  let client: Client;
  const answered = { slowestMs: 0, count: 0, failed: 0 };
  const over = new AbortController();
  let asking: Promise<void>;

  before(async () => {
    world = await openWorld();
    linter = createLintThread(createLogger('silent'));
    client = await serve(world.deps, { lint: linter.lint });
    asking = askMeanwhile();
  });
  after(async () => {
    over.abort();
    await asking;
    await client.close();
    await linter.close();
    await world.close();
  });

  /** Somebody else uses the service all the time. */
  async function askMeanwhile(): Promise<void> {
    while (!over.signal.aborted) {
      const began = performance.now();
      const { status } = await client.call('GET', '/v1/process-definitions', { as: 'sales' });
      answered.count++;
      if (status !== 200) answered.failed++;
      answered.slowestMs = Math.max(answered.slowestMs, performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  const counted = async (): Promise<number> => {
    const [row] = await world.database.query<{ n: number }>('select count(*)::int as n from orderflow.deployment');
    return row!.n;
  };

  async function send({ files, refusedBy }: Hostile): Promise<void> {
    const before = answered.count;
    const began = performance.now();
    const { status, body, text } = await sendFiles(client, '/v1/deployments', files);
    const ms = performance.now() - began;
    const rules = ((body['errors'] ?? []) as { rule?: string; elementId?: string | null }[]).map(({ rule }) => rule);
    expect(
      refusedBy.split(' or ').some((reason) => [body['code'], ...rules].includes(reason)),
      text.slice(0, 500),
    ).to.equal(true);
    expect(status).to.be.within(400, 499);
    expect(text, 'no stack').not.to.match(/\bat (?:file:|async |new |\w+ \()|node_modules|\.ts:\d/);
    expect(text.length, 'an answer that can be read').to.be.lessThan(300_000);
    expect(ms, `${Math.round(ms)} ms`).to.be.lessThan(patience);
    if (ms > 500) expect(answered.count, 'others were answered meanwhile').to.be.greaterThan(before);
  }

  for (const each of hostile) it(`${each.name}: refused by ${each.refusedBy}`, () => send(each));

  it('there are at least 40 of them, nothing of it was deployed, and everybody else was answered', async () => {
    expect(hostile.length).to.be.greaterThan(40);
    expect(await counted()).to.equal(1);
    expect(answered.failed).to.equal(0);
    console.log(
      `        ${hostile.length} files; ${answered.count} other requests, the slowest took ${Math.round(answered.slowestMs)} ms`,
    );
  });
});
