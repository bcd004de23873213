import { readConfig } from '../../config.ts';
import { Customer } from '../../contract/customer.ts';
import { listOf } from '../../contract/search.ts';
import { newId } from '../../support/ids.ts';
import { print, remark, type Command, type ExitCode } from '../command.ts';
import { createClient } from '../demo/client.ts';
import { forgetful } from '../demo/journal.ts';
import { createProgress } from '../demo/progress.ts';
import { printSummary, printTimeline } from '../demo/print.ts';
import { runStory, type StoryResult } from '../demo/run.ts';
import { storyCustomers } from '../demo/master-data.ts';
import { createSandboxControl } from '../demo/sandbox-control.ts';
import { findOrStartService } from '../demo/service.ts';
import { stories } from '../demo/stories/index.ts';
import { findSandbox } from '../sandbox.ts';

/** How long a service that is away is waited for, ms. */
const patienceMs = 60_000;

export const command: Command = {
  flags: { json: 'The results with their timelines as JSON; progress goes to standard error' },
  help: `Plays ${stories.length} stories at once, over HTTP, as the demo people:

${stories.map(({ name, title }) => `  ${name.padEnd(15)} ${title}`).join('\n')}

Drives the service at ORDERFLOW_URL (several, separated by commas, in turn), else the one at HOST and PORT, else one that it starts for as long.
A service that is killed and started again only delays it. Exit code 0 when every order ended in the state that its story expects.`,
  run: async ({ flags }) => {
    const stopping = new AbortController();
    const onSignal = (): void => stopping.abort(new Error('stopped'));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
    const service = await findOrStartService(readConfig(process.env), process.env['ORDERFLOW_URL']);
    try {
      return await play(service.urls, flags.has('json'), stopping.signal);
    } finally {
      await service.stop();
    }
  },
};

async function play(urls: readonly string[], json: boolean, signal: AbortSignal): Promise<ExitCode> {
  const config = readConfig(process.env);
  const out = json ? process.stderr : process.stdout;
  const hasSandbox = (await findSandbox(config)) !== undefined;
  const played = stories.filter((story) => hasSandbox || story.needsSandbox !== true);
  const leftOut = stories
    .filter((story) => !played.includes(story))
    .map(
      ({ name }) => `${name}: left out, as the sandbox of payment provider and carrier was not found (PROVIDERS_URL names it).`,
    );

  await welcome(urls, signal);
  out.write(`Playing ${played.length} stories against ${urls.join(', ')}\n`);
  const progress = createProgress(
    out,
    played.map((story) => story.name),
  );
  const as = createClient({ urls, patienceMs, signal, onWait: (why) => progress.waiting(why) })(forgetful);
  const sandboxOf = createSandboxControl(() => findSandbox(config), { patienceMs, signal });
  const run = newId().slice(-12);
  let references = 0;
  const results = await Promise.all(
    played.map(async (story): Promise<StoryResult> => {
      const stage = {
        as,
        sandbox: sandboxOf(forgetful),
        journal: forgetful,
        signal,
        seen: new Map(),
        say: (what: string) => progress.step(story.name, what),
        reference: (what: string) => `${what}, demo ${run}-${++references}`,
      };
      const result = await runStory(story, stage, as('auditor'));
      progress.end(story.name, result.ok, result.error ?? `${result.orders.join(', ')} in ${result.seconds.toFixed(1)} s`);
      return result;
    }),
  );
  if (signal.aborted) throw new Error('stopped before the stories had ended; their orders stay as they are');
  if (json) print(JSON.stringify({ stories: results, leftOut }, null, 2));
  else print(['', ...results.map((result) => `${printTimeline(result)}\n`), printSummary(results, leftOut)].join('\n'));
  return results.every((result) => result.ok) ? 0 : 1;
}

/** Does somebody answer who knows the demo people and has the demo world? @throws Error that says what to do */
async function welcome(urls: readonly string[], signal: AbortSignal): Promise<void> {
  let told = false;
  const clientOf = createClient({
    urls,
    patienceMs,
    signal,
    onWait: (why) => {
      if (why !== undefined && !told) remark(`Waiting for the service: ${why}`);
      told = true;
    },
  });
  const { items } = await clientOf(forgetful)('sales').get(listOf(Customer), '/v1/customers');
  const missing = storyCustomers.map(({ code }) => code).filter((code) => !items.some((customer) => customer.code === code));
  if (missing.length > 0)
    throw new Error(`The service has no customers ${missing.join(', ')}: it was not started with ORDERFLOW_DEMO=true.`);
}
