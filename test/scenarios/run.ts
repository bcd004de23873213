import { parseArgs } from 'node:util';
import { stopTestServer } from '../helpers/database.ts';
import { scenarios } from './all.ts';
import { playAll } from './play.ts';

/** Plays the scenarios of docs/domain.md, or those that are named (`npm run scenarios -- 12 14`), and tells the way that each went. */
async function main(): Promise<boolean> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const wanted = positionals.length === 0 ? scenarios : scenarios.filter(({ number }) => positionals.includes(number));
  let failed = 0;
  const { outcomes, over } = playAll(wanted);
  for (const [{ number, title }, outcome] of outcomes) {
    const { paths, error, ms } = await outcome;
    console.log(`${error ? 'FAILED' : 'ok'} ${number} ${title} (${ms} ms)  ${paths?.join(' ‖ ') ?? ''}`);
    if (!error) continue;
    failed++;
    console.log(`   ${process.env['SCENARIO_TRACE'] ? error.stack : error.message}`);
  }
  await over;
  console.log(`${wanted.length - failed} passed, ${failed} failed`);
  return failed === 0;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} finally {
  await stopTestServer();
}
