import type { Deps } from '../commands/unit.ts';
import type { ProviderAnswer } from '../persistence/payments.ts';
import { messageOf } from '../support/errors.ts';
import { Poller } from '../support/poller.ts';
import type { Providers } from './handler.ts';
import { askCapture, askRefund, askRequest, askVoid } from './settling/ask.ts';
import { recordFault, recordSettled, reconcilerActor } from './settling/record.ts';
import { toSettle, type ToSettle } from './settling/rows.ts';

const batch = 20;
const atOnce = 4;

export interface ReconcilerSettings {
  /** How long one process has to settle what it has claimed before another may, ms. */
  readonly leaseMs: number;
  readonly sweepMs: number;
}

/**
 * Makes true what the payment ledger says is to happen and nobody else is about to do: refunds, voids, and the question what became of requests whose answer never
 * came. It never gives up: it asks less and less often, and tells a person after a while.
 */
export const createReconciler = (deps: Deps, providers: Providers, { leaseMs, sweepMs }: ReconcilerSettings): Poller =>
  new Poller('reconciler', async () => (await reconcile(deps, providers, leaseMs)) === batch, sweepMs, deps.logger);

/** One round: settles what is due, a few at a time. Answers how many it took up. */
export async function reconcile(deps: Deps, providers: Providers, leaseMs: number): Promise<number> {
  // the lease keeps others away, and brings it back should this process die
  const claimed = await deps.database.query<{ id: string }>(
    `update orderflow.payment set next_at = orderflow.now() + $2 * interval '1 millisecond', attempts = attempts + 1
      where id in (select id from orderflow.payment where next_at <= orderflow.now() order by next_at, id limit $1 for update skip locked)
      returning id`,
    [batch, leaseMs],
  );
  const rows = await deps.database.read((tx) =>
    toSettle(
      tx,
      claimed.map((row) => row.id),
    ),
  );
  for (let from = 0; from < rows.length; from += atOnce) {
    await Promise.all(rows.slice(from, from + atOnce).map((row) => settle(deps, providers, row)));
  }
  return claimed.length;
}

async function settle(deps: Deps, providers: Providers, row: ToSettle): Promise<void> {
  try {
    const answer = await ask(providers, row);
    await deps.database.transaction(async (tx) => {
      tx.cause = { actor: reconcilerActor, commandId: null, traceparent: null, correlationId: null };
      await recordSettled(tx, row, answer);
    });
  } catch (error) {
    deps.logger.warn({ err: error, paymentId: row.id, kind: row.kind }, 'a payment could not be settled');
    await deps.database.transaction((tx) => recordFault(tx, row, messageOf(error)));
  }
}

function ask({ payments }: Providers, row: ToSettle): Promise<ProviderAnswer> {
  if (row.kind === 'REFUND') return askRefund(payments, row);
  if (row.kind === 'CAPTURE') return askCapture(payments, row);
  if (row.kind === 'VOID') return askVoid(payments, row);
  return askRequest(payments, row);
}
