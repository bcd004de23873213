import { systemActor } from '../../policies/actor.ts';
import { newId } from '../../support/ids.ts';
import { perform } from '../perform.ts';
import type { Deps } from '../unit.ts';
import { migrationActor } from './batch.ts';
import type { Finding } from './records.ts';

/** Brings the review list up to date: what is new on it, and what is not found any more. Writes nothing when nothing has changed, or without `deps`. */
export async function noteFindings(deps: Deps | undefined, source: string, findings: readonly Finding[]): Promise<void> {
  if (!deps) return;
  const open = await deps.database.query<{ name: string }>(
    `select entity || '/' || key || '/' || code as name from orderflow.adoption_review where source = $1 and resolved_at is null`,
    [source],
  );
  const known = new Set(open.map((row) => row.name));
  const found = new Map(findings.map((finding) => [`${finding.entity}/${finding.key}/${finding.code}`, finding]));
  const added = [...found].filter(([name]) => !known.has(name)).map(([, finding]) => finding);
  const gone = [...known].filter((name) => !found.has(name));
  if (added.length + gone.length === 0) return;
  await perform(
    deps,
    { name: 'review an adoption', actor: systemActor(migrationActor), key: newId(), payload: { source } },
    async ({ tx, now }) => {
      await tx.execute(
        `insert into orderflow.adoption_review (source, entity, key, code, message, record, found_at)
         select $2, entity, key, code, message, record, $3 from jsonb_to_recordset($1::jsonb) as f (entity text, key text, code text, message text, record jsonb)
         on conflict (source, entity, key, code) do update set message = excluded.message, record = excluded.record, resolved_at = null`,
        [JSON.stringify(added), source, now],
      );
      await tx.execute(
        `update orderflow.adoption_review set resolved_at = $3 where source = $1 and resolved_at is null and entity || '/' || key || '/' || code = any($2)`,
        [source, gone, now],
      );
      return { status: 200, body: { added: added.length, resolved: gone.length } };
    },
  );
}
