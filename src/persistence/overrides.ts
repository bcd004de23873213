import { sha256 } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import { planDeadline } from './deadlines.ts';
import { OverrideRequest } from './entities/index.ts';
import { emit } from './events.ts';
import type { Reader } from './reader.ts';
import type { Transaction } from './transaction.ts';

/** A request as it is opened. */
export type NewOverrideRequest = Pick<
  OverrideRequest,
  | 'id'
  | 'kind'
  | 'subjectType'
  | 'subjectId'
  | 'subjectNumber'
  | 'subjectFingerprint'
  | 'scopeAmountMinor'
  | 'reasonCode'
  | 'reason'
  | 'requestedBy'
  | 'parties'
  | 'requestedAt'
  | 'requiredRole'
  | 'requiredApprovals'
  | 'useDays'
  | 'decisionRecordId'
> & {
  readonly scope: JsonObject;
  readonly requestedOnBehalfOf?: string | null;
  /** Hours of working time. */
  readonly decideHours: number;
};

/** Asks somebody else; at most one request of a kind is open for a subject. Answers by when it has to be decided. */
export async function openOverride(tx: Transaction, request: NewOverrideRequest): Promise<Date> {
  const { decideHours, ...row } = request;
  const from = request.requestedAt;
  await tx.manager.insert(OverrideRequest, { ...row, decideBy: new Date(from.getTime() + decideHours * 3600_000) });
  const decideBy = await planDeadline(tx, {
    subject: { type: 'override_request', id: request.id },
    kind: 'override-decision',
    from,
    workingHours: decideHours,
  });
  await tx.execute('update orderflow.override_request set decide_by = $2 where id = $1', [request.id, decideBy]);
  await tell(tx, 'requested', [request]);
  return decideBy;
}

/** An approved override that may still be used. */
export interface UsableOverride {
  readonly id: string;
  readonly scope: JsonObject;
  readonly scopeAmountMinor: number;
}

/** An approved override that fits the subject as it is now, or undefined. It is locked. */
export const usableOverride = (
  tx: Transaction,
  wanted: { readonly kind: OverrideRequest['kind']; readonly subjectId: string; readonly fingerprint: string; readonly at: Date },
): Promise<UsableOverride | undefined> =>
  tx.maybeOne<UsableOverride>(
    `select id, scope, coalesce(scope_amount_minor, 0) as "scopeAmountMinor" from orderflow.override_request
      where kind = $1 and subject_id = $2 and subject_fingerprint = $3 and status = 'APPROVED' and use_by >= $4
      order by requested_at desc limit 1 for no key update`,
    [wanted.kind, wanted.subjectId, wanted.fingerprint, wanted.at],
  );

/** What a request was granted for, whatever has become of it. */
export const grantOf = (tx: Transaction, id: string): Promise<UsableOverride> =>
  tx.one<UsableOverride>(
    'select id, scope, coalesce(scope_amount_minor, 0) as "scopeAmountMinor" from orderflow.override_request where id = $1',
    [id],
  );

/** Uses an approved override up; answers false when it cannot be used (any more). It cannot be used again. */
export const consumeOverride = (tx: Transaction, id: string, at: Date): Promise<boolean> =>
  change(tx, 'CONSUMED', `status = 'CONSUMED', consumed_at = $1`, `id = $2 and status = 'APPROVED' and use_by >= $1`, [at, id]);

/** Ends a request that nobody decided; answers false for one that was decided, which stays as it is. */
export const expireOverride = (tx: Transaction, id: string, at: Date): Promise<boolean> =>
  change(tx, 'EXPIRED', `status = 'EXPIRED', decided_at = $1`, `id = $2 and status = 'PENDING'`, [at, id]);

/** Nobody decided it, or nobody used it, in its time ($1), and no task of an order waits for it. */
const overdue = `((status = 'PENDING' and decide_by < $1) or (status = 'APPROVED' and use_by < $1))
      and not exists (select 1 from orderflow.wait w where w.override_request_id = override_request.id and w.status = 'open')`;

/** Whether there is something for `expireOverdueOverrides` to do. */
export const hasOverdueOverrides = async (reader: Reader, at: Date): Promise<boolean> =>
  (await reader.query(`select 1 from orderflow.override_request where ${overdue} limit 1`, [at])).length > 0;

/** Ends what nobody decided, or nobody used, in its time, and that no task of an order waits for: the sweep's part. */
export const expireOverdueOverrides = (tx: Transaction, at: Date): Promise<boolean> =>
  change(tx, 'EXPIRED', `status = 'EXPIRED', decided_at = coalesce(decided_at, $1)`, overdue, [at]);

/** Withdraws what was asked for a subject that is given up. */
export const withdrawOverrides = (tx: Transaction, subjectId: string, at: Date): Promise<boolean> =>
  endOpen(tx, 'WITHDRAWN', subjectId, at);

/** What was asked or granted stands for a subject that is another one now. */
export const supersedeOverrides = (
  tx: Transaction,
  subjectId: string,
  at: Date,
  kind?: OverrideRequest['kind'],
): Promise<boolean> => endOpen(tx, 'SUPERSEDED', subjectId, at, kind);

/** Takes an approval back that was not used yet; answers false when there is none. */
export const revokeOverride = (
  tx: Transaction,
  id: string,
  revocation: { readonly by: string; readonly reason: string; readonly at: Date },
): Promise<boolean> =>
  change(
    tx,
    'REVOKED',
    `status = 'REVOKED', decided_at = $1, revoked_by = $3, revocation_reason = $4`,
    `id = $2 and status = 'APPROVED'`,
    [revocation.at, id, revocation.by, revocation.reason],
  );

/** What a decision that was just counted made of a request, told to the world. */
export const tellDecided = (tx: Transaction, request: Told, status: 'APPROVED' | 'REJECTED'): Promise<void> =>
  tell(tx, status.toLowerCase(), [request]);

/** What an override for a shipment is bound to: what is in it. */
export async function fulfilmentFingerprint(tx: Transaction, fulfilmentId: string): Promise<string> {
  const { text } = await tx.one<{ text: string }>(
    `select coalesce(jsonb_agg(jsonb_build_array(sale_line_id, quantity) order by sale_line_id), '[]')::text as text
       from orderflow.fulfilment_line where fulfilment_id = $1`,
    [fulfilmentId],
  );
  return sha256(`${fulfilmentId} ${text}`);
}

const endOpen = (
  tx: Transaction,
  status: 'WITHDRAWN' | 'SUPERSEDED',
  subjectId: string,
  at: Date,
  kind: OverrideRequest['kind'] | null = null,
): Promise<boolean> =>
  change(
    tx,
    status,
    `status = '${status}', decided_at = $1`,
    `subject_id = $2 and status in ('PENDING', 'APPROVED') and ($3::text is null or kind = $3)`,
    [at, subjectId, kind],
  );

type Told = Pick<OverrideRequest, 'id' | 'kind' | 'subjectType' | 'subjectId' | 'subjectNumber' | 'requiredRole'> & {
  readonly scope: object;
};

/** Every change of status goes through here: guarded, counted, told. Answers whether anything changed. */
async function change(
  tx: Transaction,
  status: OverrideRequest['status'],
  set: string,
  where: string,
  params: readonly unknown[],
): Promise<boolean> {
  const changed = await tx.query<Told>(
    `update orderflow.override_request set ${set}, revision = revision + 1 where ${where}
      returning id, kind, subject_type as "subjectType", subject_id as "subjectId", subject_number as "subjectNumber", scope, required_role as "requiredRole"`,
    params,
  );
  await tell(tx, status.toLowerCase(), changed);
  return changed.length > 0;
}

async function tell(tx: Transaction, fact: string, requests: readonly Told[]): Promise<void> {
  for (const { id, kind, scope, requiredRole, subjectType, subjectId, subjectNumber } of requests) {
    await emit(tx, {
      type: `override.${fact}`,
      subject: { type: 'override_request', id, number: subjectNumber },
      data: { kind, scope: scope as JsonObject, requiredRole, subjectType, subjectId },
    });
  }
}
