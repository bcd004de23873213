import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { searchPage, type Page, type SearchRequest, type Searchable } from './search.ts';

const item = `jsonb_strip_nulls(jsonb_build_object('id', o.id, 'kind', o.kind, 'status', o.status, 'subjectType', o.subject_type, 'subjectId', o.subject_id,
  'subjectNumber', o.subject_number, 'scope', o.scope, 'scopeAmountMinor', o.scope_amount_minor, 'reasonCode', o.reason_code, 'reason', o.reason,
  'requestedBy', o.requested_by, 'requestedOnBehalfOf', o.requested_on_behalf_of, 'parties', o.parties, 'requestedAt', orderflow.iso(o.requested_at), 'requiredRole', o.required_role,
  'requiredApprovals', o.required_approvals, 'approvals', o.approvals_count, 'decideBy', orderflow.iso(o.decide_by), 'useBy', orderflow.iso(o.use_by),
  'decidedAt', orderflow.iso(o.decided_at), 'consumedAt', orderflow.iso(o.consumed_at),
  'revokedBy', o.revoked_by, 'revocationReason', o.revocation_reason, 'revision', o.revision,
  'decisions', coalesce((select jsonb_agg(jsonb_build_object('actor', d.actor, 'onBehalfOf', d.on_behalf_of, 'decision', d.decision, 'reason', d.reason, 'at', orderflow.iso(d.at)) order by d.at)
                           from orderflow.override_decision d where d.override_request_id = o.id), '[]')))`;

/** An override request with what was said to it. @throws Problem not-found */
export async function readOverrideRequest(reader: Reader, id: string): Promise<JsonObject> {
  const [row] = await reader.query<{ item: JsonObject }>(
    `select ${item} as item from orderflow.override_request o where o.id = $1`,
    [id],
  );
  if (!row) throw new Problem('not-found', `There is no override request ${id}.`);
  return row.item;
}

const searchable: Searchable = {
  item,
  from: 'orderflow.override_request o',
  where: 'true',
  id: 'o.id',
  fields: {
    id: 'o.id::text',
    kind: 'o.kind',
    status: 'o.status',
    subjectId: 'o.subject_id::text',
    subjectNumber: 'o.subject_number',
    requiredRole: 'o.required_role',
    requestedBy: 'o.requested_by',
    requestedAt: 'o.requested_at',
  },
};

export const searchOverrideRequests = (reader: Reader, request: SearchRequest): Promise<Page> =>
  searchPage(reader, searchable, request);
