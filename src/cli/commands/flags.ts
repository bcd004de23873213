import { userInfo } from 'node:os';
import { Definitions } from '../../commands/definitions.ts';
import { setFlag } from '../../commands/set-flag.ts';
import { readConfig } from '../../config.ts';
import { listFlags } from '../../queries/flag.ts';
import { newId } from '../../support/ids.ts';
import type { JsonObject } from '../../support/json.ts';
import { createLogger } from '../../support/logger.ts';
import { print, UsageError, type Command } from '../command.ts';
import { withDatabase } from '../database.ts';

export const command: Command = {
  operands: ['set', 'flag', 'on|off', 'reason'],
  flags: { json: 'Answer as JSON' },
  help: `Without operands: every flag. "flags set workflow.sale off 'stock is being counted'" switches one; what runs goes on with the flags of its start.
Whoever may reach the database may do this; over HTTP it takes the role order_admin or operator.`,
  run: async ({ flags, operands: [verb, name, wanted, ...reason] }) => {
    if (verb !== undefined && verb !== 'set') throw new UsageError(`flags knows "set", not "${verb}".`);
    if (verb === 'set' && (name === undefined || (wanted !== 'on' && wanted !== 'off') || reason.join('').trim() === ''))
      throw new UsageError('Say which flag, on or off, and why: flags set workflow.sale off "stock is being counted"');
    const items = await withDatabase(readConfig(process.env), async (database) => {
      const deps = { database, definitions: new Definitions(), logger: createLogger('silent') };
      // whoever stands at the database's console is an operator
      const actor = { id: `console:${userInfo().username}`, roles: ['operator' as const] };
      if (name !== undefined)
        await setFlag(deps, { actor, key: newId() }, { name, enabled: wanted === 'on', reason: reason.join(' ') });
      return database.read((tx) => listFlags(tx));
    });
    print(flags.has('json') ? JSON.stringify({ items }) : items.map(lineOf).join('\n'));
    return 0;
  },
};

interface Flag {
  readonly name: string;
  readonly enabled: boolean;
  readonly reason: string | null;
  readonly changedBy: string;
  readonly changedAt: string;
}

function lineOf(flag: JsonObject): string {
  const { name, enabled, reason, changedBy, changedAt } = flag as unknown as Flag;
  const why = reason === null ? '' : `  (${reason}; ${changedBy})`;
  return `${name.padEnd(20)} ${enabled ? 'on ' : 'off'}  since ${changedAt}${why}`;
}
