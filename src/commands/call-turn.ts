import { systemActor } from '../policies/actor.ts';
import type { JsonObject } from '../support/json.ts';
import { perform } from './perform.ts';
import type { Deps, Unit } from './unit.ts';

/** One turn of a call: the row of a call activity's wait that becomes one command. */
export interface CallTurn {
  readonly waitId: string;
  readonly turn: number;
  readonly traceparent?: string | null;
}

/**
 * Runs a turn's command: its key is the turn's, so that a second delivery gets the stored answer, and one that comes too late finds the turn over. Answers whether
 * the turn has been taken, now or before; `work` answers undefined when it is over.
 */
export async function performTurn(
  deps: Deps,
  name: string,
  { waitId, turn, traceparent }: CallTurn,
  work: (unit: Unit) => Promise<JsonObject | undefined>,
): Promise<boolean> {
  const request = {
    name,
    actor: systemActor('call'),
    key: `call:${waitId}:${turn}`,
    payload: { waitId, turn },
    ...(typeof traceparent === 'string' && { traceparent }),
  };
  const { body } = await perform(deps, request, async (unit) => {
    const done = await work(unit);
    return { status: 200, body: { waitId, taken: done !== undefined, ...done } };
  });
  return body['taken'] === true;
}
