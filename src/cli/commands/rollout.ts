import { readConfig } from '../../config.ts';
import { readRollout, type Consumer, type Rollout } from '../../queries/rollout.ts';
import { numberOption, print, UsageError, type Command } from '../command.ts';
import { withDatabase } from '../database.ts';

export const command: Command = {
  operands: ['status'],
  flags: { json: 'Answer as JSON' },
  options: { tolerance: 'Seconds that something may be late before it counts; 300 when left out' },
  help: `"rollout status" tells of each flag what happened since it was switched on, how far consumers of events have read, which orders do not move (open incidents; timers,
jobs and messages beyond their due times), what was adopted and what is on the review list. Exit code 1 when a consumer or an order is behind. docs/rollout.md
says when to look, and what to do then.`,
  run: async (line) => {
    const [verb = 'status'] = line.operands;
    if (verb !== 'status') throw new UsageError(`rollout knows "status", not "${verb}".`);
    const tolerance = numberOption(line, 'tolerance', 300);
    const rollout = await withDatabase(readConfig(process.env), (database) => database.read((tx) => readRollout(tx, tolerance)));
    const late = rollout.consumers.filter(({ waitsSeconds }) => waitsSeconds > tolerance);
    const isBehind = late.length + rollout.stuck.length + rollout.unpublished > 0;
    print(line.flags.has('json') ? JSON.stringify({ ...rollout, isBehind }) : report(rollout, late, isBehind));
    return isBehind ? 1 : 0;
  },
};

function report(
  { flags, consumers, unpublished, stuck, adopted, review }: Rollout,
  late: readonly Consumer[],
  isBehind: boolean,
): string {
  const none = (list: readonly string[]): readonly string[] => (list.length > 0 ? list : ['  none']);
  const counts = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none';
  return [
    'Flags, and the events since each was switched on:',
    ...flags.map(({ name, enabled, switchedOnAt, events }) => {
      const since = switchedOnAt === null ? 'never on' : `${enabled ? 'on' : 'off, last on'} since ${switchedOnAt.toISOString()}`;
      return `  ${name.padEnd(20)} ${since}: ${counts(events)}`;
    }),
    `Events that wait to be published: ${unpublished}`,
    'Consumers (acknowledged / last event):',
    ...none(
      consumers.map((consumer) => {
        const { name, position, lastPosition, waitsSeconds } = consumer;
        const state = late.includes(consumer) ? `BEHIND by ${waitsSeconds} s` : 'keeps up';
        return `  ${name.padEnd(20)} ${position} / ${lastPosition}  ${state}`;
      }),
    ),
    'Orders that do not move:',
    ...none(stuck.slice(0, 100).map(({ number, what }) => `  ${number}: ${what}`)),
    ...(stuck.length > 100 ? [`  ... and ${stuck.length - 100} more`] : []),
    `Adopted: ${counts(adopted)}`,
    'Review list:',
    ...none(review.map(({ entity, code, count }) => `  ${entity} ${code} ${count}`)),
    isBehind ? 'Something is behind: see docs/rollout.md.' : 'Nothing is behind.',
  ].join('\n');
}
