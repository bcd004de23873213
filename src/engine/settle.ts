import type { JsonObject } from '../support/json.ts';
import { StepFailed } from './errors.ts';
import { releaseInclusiveJoin } from './inclusive.ts';
import type { Session } from './session.ts';
import { scopesOf } from './snapshot.ts';

/** Waits whose condition was looked at, and the variables it was looked at with. */
export type LookedAt = Map<string, JsonObject>;

/** Moves what can move without anything from outside: raised errors, inclusive joins, conditions that have become true. */
export async function settle(session: Session, lookedAt: LookedAt): Promise<void> {
  for (let round = 0; session.isRunning; round += 1) {
    if (round > 1000) throw new StepFailed(null, 'the step does not come to rest');
    const moved = (await raiseError(session)) || (await releaseJoin(session)) || (await fireCondition(session, lookedAt));
    if (!moved) return;
  }
}

async function raiseError(session: Session): Promise<boolean> {
  const run = session.nextRaised();
  if (run) await session.raise(run, session.program.element(run.elementId).errorCode ?? '');
  return run !== undefined;
}

async function releaseJoin(session: Session): Promise<boolean> {
  if (!session.program.hasInclusiveJoin) return false;
  let moved = false;
  for (const scope of scopesOf(session.scope)) {
    if (!moved) await session.move(() => (moved = releaseInclusiveJoin(session.program.model, scope)));
  }
  return moved;
}

/** A conditional event is looked at when it is armed and whenever the variables have changed since. */
async function fireCondition(session: Session, lookedAt: LookedAt): Promise<boolean> {
  if (!session.program.hasCondition) return false;
  const { answers, program } = session;
  const waits = [...session.waits()].sort(([, a], [, b]) => (a.slot < b.slot ? -1 : 1));
  for (const [executionId, { elementId }] of waits) {
    const condition = program.element(elementId).event?.condition;
    if (condition === undefined || lookedAt.get(executionId) === answers.variables) continue;
    lookedAt.set(executionId, answers.variables);
    if (!answers.asking.truth(condition, answers.variables, elementId)) continue;
    await session.fire(executionId);
    return true;
  }
  return false;
}
