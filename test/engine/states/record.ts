import { mkdirSync, writeFileSync } from 'node:fs';
import { advance, compile, engineVersion, stateFormat, type Standing } from '../../../src/engine/index.ts';
import { testOracle } from '../../helpers/oracle.ts';
import { folder, readRecorded, type RecordedState } from './recorded.ts';
import { recordedLives, type RecordedLife } from './lives.ts';

const known = new Set(readRecorded().map(([, { about }]) => about.replace(/, step \d+$/, '')));
const now = new Date('2026-01-01T12:00:00Z');

/**
 * Records the stored states of the lives in lives.ts: `node --import tsx test/engine/states/record.ts`. A recorded state is what instances in
 * production stand at, so it is never written again: new lives get new names, and an existing file stops the script.
 */
for (const life of recordedLives) if (!known.has(life.name)) await record(life);

async function record(life: RecordedLife): Promise<void> {
  const { name, source, variables = {}, decisions = {}, commands } = life;
  const [process] = await compile(source);
  if (!process) throw new Error(`${name} has no process`);
  const oracle = testOracle(Object.fromEntries(Object.entries(decisions).map(([id, result]) => [id, () => result])));
  let last = await advance(process, null, { type: 'start', variables }, oracle, now);
  for (const [index, command] of commands.entries()) {
    if (last.state === null) throw new Error(`${name} ends before its command ${index}`);
    const standing: Standing = { state: last.state, variables: last.variables, locals: last.locals };
    const next = await advance(process, standing, command, oracle, now);
    const recorded: RecordedState = {
      engine: engineVersion,
      format: stateFormat,
      about: `${name}, step ${index + 1}`,
      source,
      ...standing,
      decisions,
      open: last.open,
      command,
      after: {
        status: next.status,
        state: next.state,
        variables: next.variables,
        locals: next.locals,
        open: next.open,
        entered: next.trail.filter(({ event }) => event === 'enter').map(({ elementId }) => elementId),
      },
    };
    mkdirSync(folder, { recursive: true });
    writeFileSync(new URL(`${name}-${index + 1}.json`, folder), `${JSON.stringify(recorded, null, 2)}\n`, { flag: 'wx' });
    last = next;
  }
}
