import { wake } from '../persistence/messages.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { Problem } from '../support/errors.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request } from './unit.ts';

const endOfTime = Date.UTC(9000, 0);

/**
 * Moves the service's clock forward, for demos and tests of long waits. It never goes back: what has happened stays in the past.
 * @throws Problem forbidden, validation-failed
 */
export const moveClock = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly forwardMs: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'move the clock', payload: { ...input } }, async ({ tx, actor }) => {
    requireAnyRole(actor, permissions['move the clock'], 'move the clock');
    if (input.forwardMs < 0) {
      throw new Problem('validation-failed', 'The clock goes forward only.', {
        errors: [{ pointer: '/forwardMs', message: 'must not be negative' }],
      });
    }
    if ((await tx.now()).getTime() + input.forwardMs > endOfTime) {
      const message = 'would move the clock beyond the year 9000, where times have no ISO 8601 form any more';
      throw new Problem('validation-failed', `It ${message}.`, { errors: [{ pointer: '/forwardMs', message }] });
    }
    await tx.execute('update orderflow.clock set offset_ms = offset_ms + $1', [input.forwardMs]);
    await wake(tx, 'jobs', 'timers', 'messages', 'payments', 'sweeps', 'work', 'calls');
    return { status: 200, body: { now: (await tx.now()).toISOString() } };
  });
