import type { Advance } from '../engine/types.ts';
import { leaveSignal } from '../persistence/signals.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import type { JsonObject } from '../support/json.ts';
import { perform } from './perform.ts';
import type { Deps, OpenedWait, Performed, Request, Unit } from './unit.ts';

/**
 * Tells a signal to whoever waits for it now, and to every process that it starts. It is not kept for those who come later. Each of them takes its step as a
 * command of its own after this one has committed. @throws Problem forbidden
 */
export const broadcastSignal = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  signal: { readonly name: string; readonly variables: JsonObject },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'broadcast a signal', payload: { ...signal } }, async ({ tx, actor }) => {
    requireAnyRole(actor, permissions['broadcast a signal'], 'broadcast a signal');
    const { id, waits, starts } = await leaveSignal(tx, { ...signal, source: `actor:${actor.id}` });
    return { status: 200, body: { id, name: signal.name, waits, starts } };
  });

/**
 * Broadcasts what a diagram has thrown in a step, in the same commit. The instance itself hears it too, but for waits that its tokens came to after the throw: who
 * throws and then waits for the same signal waits for the next one.
 */
export async function broadcastThrown(
  { tx }: Unit,
  thrower: { readonly instanceId: string; readonly revision: number },
  { thrown, trail }: Pick<Advance, 'thrown' | 'trail'>,
  opened: readonly OpenedWait[],
): Promise<void> {
  const entered = (elementId: string): number =>
    trail.findLastIndex(({ event, elementId: id }) => event === 'enter' && id === elementId);
  for (const [index, { kind, name, elementId, variables = {} }] of thrown.entries()) {
    if (kind !== 'signal') continue;
    const at = entered(elementId);
    const deaf = opened.filter((wait) => wait.signal?.name === name && entered(wait.elementId) > at).map(({ id }) => id);
    const thrownAs = `${thrower.revision}:${index}:${elementId}`;
    await leaveSignal(tx, { name, variables, source: `instance:${thrower.instanceId}`, thrownAs, deaf });
  }
}
