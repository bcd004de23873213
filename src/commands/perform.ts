import { isTransient, sqlState } from '../persistence/errors.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { Problem } from '../support/errors.ts';
import { newId, sha256 } from '../support/ids.ts';
import { TurnRefused } from '../support/turns.ts';
import { canonicalJson, type JsonObject } from '../support/json.ts';
import { recordStepIncident, StepFailure } from './incidents.ts';
import type { Answer, Deps, Performed, Request, Unit } from './unit.ts';

const attempts = 4;

/**
 * Runs `work` in one transaction together with the stored answer of its key, or answers from the store.
 * @throws Problem in-flight when the first request with this key runs longer than the lock timeout; idempotency-key-reused; step-failed
 *   when the diagram cannot take the step (everything is rolled back and an incident recorded)
 */
export async function perform(deps: Deps, request: Request, work: (unit: Unit) => Promise<Answer>): Promise<Performed> {
  const { onBehalfOf } = request.actor;
  const fingerprint = sha256(canonicalJson([request.name, request.payload, ...(onBehalfOf === undefined ? [] : [onBehalfOf])]));
  for (let attempt = 1; ; attempt++) {
    try {
      return await deps.database.transaction(
        (tx) => once(deps, tx, request, fingerprint, work),
        request.about === undefined ? {} : { about: request.about },
      );
    } catch (error) {
      if (error instanceof DryRun) return { ...error.answer, replayed: false };
      if (error instanceof StepFailure) throw await recordStepIncident(deps, request.actor, error, request.dryRun === true);
      if (sqlState(error) === '55P03' || error instanceof TurnRefused)
        throw new Problem('unavailable', 'The order is busy with another command.', { retryAfter: 1 });
      if (!isTransient(error) || attempt >= attempts) throw error;
      // 40001, 40P01, a lost connection: nothing was committed, or the key will tell
      await new Promise((resolve) => setTimeout(resolve, 20 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}

async function once(
  deps: Deps,
  tx: Transaction,
  request: Request,
  fingerprint: string,
  work: (unit: Unit) => Promise<Answer>,
): Promise<Performed> {
  const commandId = newId();
  tx.cause = { actor: request.actor.id, commandId, traceparent: request.traceparent ?? null, correlationId: null };
  const stored = await claimKey(tx, request, fingerprint, commandId);
  if (stored) return { ...stored, replayed: true };
  const unit: Unit = {
    tx,
    deps,
    actor: request.actor,
    commandId,
    traceparent: request.traceparent ?? null,
    now: await tx.now(),
    steps: [],
  };
  const answer = await work(unit);
  if (request.dryRun === true) throw new DryRun({ status: 200, body: preview(unit, answer) });
  await tx.execute('update orderflow.command set status = $2, body = $3, headers = $4 where id = $1', [
    commandId,
    answer.status,
    JSON.stringify(answer.body),
    JSON.stringify(answer.headers ?? {}),
  ]);
  return { ...answer, replayed: false };
}

/** Inserts the key's row, waiting on a first request that is still running; answers what the first one stored. */
async function claimKey(tx: Transaction, request: Request, fingerprint: string, commandId: string): Promise<Answer | undefined> {
  let claimed: number;
  try {
    claimed = await tx.execute(
      'insert into orderflow.command (id, actor, key, name, fingerprint) values ($1, $2, $3, $4, $5) on conflict (actor, key) do nothing',
      [commandId, request.actor.id, request.key, request.name, fingerprint],
    );
  } catch (error) {
    if (sqlState(error) !== '55P03') throw error;
    throw new Problem(
      'in-flight',
      `The first request with Idempotency-Key ${request.key} is still running. Ask again in a second.`,
      {
        retryAfter: 1,
      },
    );
  }
  if (claimed === 1) return undefined;
  const first = await tx.one<{
    fingerprint: string;
    name: string;
    status: number;
    body: JsonObject;
    headers: Record<string, string>;
  }>('select fingerprint, name, status, body, headers from orderflow.command where actor = $1 and key = $2', [
    request.actor.id,
    request.key,
  ]);
  if (first.fingerprint !== fingerprint) {
    throw new Problem(
      'idempotency-key-reused',
      `${request.actor.id} used Idempotency-Key ${request.key} before, to ${first.name} with another body. Use a new key for a new request.`,
    );
  }
  return { status: first.status, body: first.body, headers: first.headers };
}

/** Carries the answer of a dry run out of the transaction, which thereby rolls back. */
class DryRun extends Error {
  constructor(readonly answer: Answer) {
    super('dry run');
  }
}

const preview = (unit: Unit, answer: Answer): JsonObject => ({
  dryRun: true,
  result: answer.body,
  steps: unit.steps.map((step) => ({
    processInstanceId: step.instanceId,
    path: step.path,
    closes: step.closed,
    opens: step.opened.map((wait) => ({
      elementId: wait.elementId,
      kind: wait.kind,
      ...(wait.job && { jobType: wait.job.type }),
    })),
  })),
});
