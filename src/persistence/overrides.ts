import type { OverrideRequest } from './entities/index.ts';
import type { Transaction } from './transaction.ts';

/** An approved override that fits the subject as it is now, or undefined. It is locked. */
export const usableOverride = (
  tx: Transaction,
  wanted: { readonly kind: OverrideRequest['kind']; readonly subjectId: string; readonly fingerprint: string; readonly at: Date },
): Promise<{ id: string; scopeAmountMinor: number } | undefined> =>
  tx.maybeOne(
    `select id, scope_amount_minor as "scopeAmountMinor" from orderflow.override_request
      where kind = $1 and subject_id = $2 and subject_fingerprint = $3 and status = 'APPROVED' and use_by >= $4
      order by requested_at desc limit 1 for update`,
    [wanted.kind, wanted.subjectId, wanted.fingerprint, wanted.at],
  );

/** Uses an approved override up. It cannot be used again. */
export const consumeOverride = (tx: Transaction, id: string, at: Date): Promise<number> =>
  tx.execute(
    `update orderflow.override_request set status = 'CONSUMED', consumed_at = $2, revision = revision + 1
      where id = $1 and status = 'APPROVED' and use_by >= $2`,
    [id, at],
  );

/** Ends a request that nobody decided; one that was decided stays as it is. */
export const expireOverride = (tx: Transaction, id: string, at: Date): Promise<number> =>
  tx.execute(
    `update orderflow.override_request set status = 'EXPIRED', decided_at = $2, revision = revision + 1 where id = $1 and status = 'PENDING'`,
    [id, at],
  );

/** Withdraws what was asked for a subject that is given up. */
export const withdrawOverrides = (tx: Transaction, subjectId: string, at: Date): Promise<number> =>
  tx.execute(
    `update orderflow.override_request set status = 'WITHDRAWN', decided_at = $2, revision = revision + 1
      where subject_id = $1 and status in ('PENDING', 'APPROVED')`,
    [subjectId, at],
  );
