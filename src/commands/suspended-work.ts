import { emit } from '../persistence/events.ts';
import { tellWorkers } from '../persistence/leases.ts';
import { wake } from '../persistence/messages.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readSuspension, type SuspensionKind } from '../queries/suspension.ts';
import { Problem } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import { sentence } from '../support/sentence.ts';
import type { Definition } from './definitions.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request, Unit } from './unit.ts';

/** What rests: a process in all its versions, one version of it, or the jobs of a type. */
export interface Work {
  readonly kind: SuspensionKind;
  /** Process id, id of the definition, or job type. */
  readonly ref: string;
}

interface Rest extends Work {
  readonly reason: string;
}

/**
 * Lets instances of a process or of one version of it rest, as if each of them were suspended, and keeps new ones from starting; or keeps jobs of a type from
 * being handed out, while everything else of their instances goes on. What a worker has at hand it may end. @throws Problem forbidden, not-found, wrong-state
 */
export const suspendWork = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: Rest): Promise<Performed> =>
  perform(deps, { ...request, name: 'suspend work', payload: { ...input } }, async (unit) => {
    const { tx, actor } = unit;
    requireAnyRole(actor, permissions['suspend work'], 'suspend work');
    await mustBeKnown(tx, input);
    const id = newId();
    const written = await tx.execute(
      `insert into orderflow.suspension (id, kind, ref, reason, suspended_by, suspended_at) values ($1, $2, $3, $4, $5, orderflow.now())
       on conflict (kind, ref) where resumed_at is null do nothing`,
      [id, input.kind, input.ref, input.reason, actor.id],
    );
    if (written === 0) {
      const { suspendedAt, suspendedBy } = await activeOne(tx, input);
      throw new Problem(
        'wrong-state',
        `${nameOf(input)} is suspended since ${suspendedAt.toISOString()} by ${suspendedBy} already.`,
      );
    }
    return tell(unit, input, id, 'work-suspended');
  });

/** Lets it go on; what fell due meanwhile happens now. @throws Problem forbidden, wrong-state when it does not rest */
export const resumeWork = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: Rest): Promise<Performed> =>
  perform(deps, { ...request, name: 'resume work', payload: { ...input } }, async (unit) => {
    const { tx, actor } = unit;
    requireAnyRole(actor, permissions['suspend work'], 'suspend work');
    const { id } = await activeOne(tx, input);
    await tx.execute(
      'update orderflow.suspension set resumed_at = orderflow.now(), resumed_by = $2, resume_reason = $3 where id = $1',
      [id, actor.id, input.reason],
    );
    await wake(tx, 'jobs', 'timers', 'messages', 'calls', 'work');
    if (input.kind === 'job-type') await tellWorkers(tx, input.ref);
    return tell(unit, input, id, 'work-resumed');
  });

/** No instance starts on a version that rests. @throws Problem suspended */
export async function refuseRestingDefinition(tx: Transaction, definition: Definition): Promise<void> {
  const { processId } = definition.process;
  const [rests] = await tx.query<{ suspendedAt: Date; reason: string }>(
    `select suspended_at as "suspendedAt", reason from orderflow.suspension
      where resumed_at is null and (kind, ref) in (('process', $1), ('definition', $2)) limit 1`,
    [processId, definition.id],
  );
  if (!rests) return;
  throw new Problem(
    'suspended',
    `No instance of ${processId} (version ${definition.version}) starts since ${rests.suspendedAt.toISOString()}: ${sentence(rests.reason)} Resume it first (GET /v1/suspensions).`,
    { suspendedAt: rests.suspendedAt },
  );
}

async function tell({ tx }: Unit, { kind, ref, reason }: Rest, id: string, fact: 'work-suspended' | 'work-resumed') {
  await emit(tx, { type: `workflow.${fact}`, subject: { type: 'suspension', id }, data: { kind, ref, reason } });
  return { status: 200, body: await readSuspension(tx, id) };
}

async function activeOne(tx: Transaction, { kind, ref }: Work): Promise<{ id: string; suspendedAt: Date; suspendedBy: string }> {
  const active = await tx.maybeOne<{ id: string; suspendedAt: Date; suspendedBy: string }>(
    `select id, suspended_at as "suspendedAt", suspended_by as "suspendedBy" from orderflow.suspension
      where kind = $1 and ref = $2 and resumed_at is null for update`,
    [kind, ref],
  );
  if (!active) throw new Problem('wrong-state', `${nameOf({ kind, ref })} is not suspended.`);
  return active;
}

const known: Readonly<Record<SuspensionKind, string>> = {
  process: 'select 1 from orderflow.process_definition where process_id = $1 limit 1',
  definition: 'select 1 from orderflow.process_definition where id::text = $1',
  'job-type': `select 1 where exists (select 1 from orderflow.job_handler where job_type = $1) or exists (select 1 from orderflow.outbox where job_type = $1)
                  or exists (select 1 from orderflow.deployment_resource where name = $1 || '.job.schema.json' or name like '%/' || $1 || '.job.schema.json')`,
};

async function mustBeKnown(tx: Transaction, work: Work): Promise<void> {
  if ((await tx.query(known[work.kind], [work.ref])).length > 0) return;
  throw new Problem('not-found', `There is no ${nameOf(work)}; nothing would rest.`);
}

const nameOf = ({ kind, ref }: Work): string =>
  `${{ process: 'process', definition: 'process definition', 'job-type': 'job type' }[kind]} ${ref}`;
