import type { Reader } from '../persistence/reader.ts';
import type { JsonObject } from '../support/json.ts';
import { readInstance } from './process-instance.ts';

/** What there is to say of an open wait beyond what everybody sees of it. */
interface WaitRow {
  readonly id: string;
  readonly kind: string;
  readonly elementId: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly roles: readonly string[];
  readonly assignee: string | null;
  readonly overrideRequestId: string | null;
  readonly jobType: string | null;
  readonly messageName: string | null;
  readonly correlationKey: string | null;
  readonly signalName: string | null;
  readonly dueAt: string | null;
  readonly calledInstanceId: string | null;
  readonly incident: { readonly id: string; readonly message: string; readonly status: string } | null;
  readonly typeSuspension: { readonly reason: string; readonly by: string; readonly at: string } | null;
  readonly job: {
    readonly external: boolean;
    readonly leasedBy: string | null;
    readonly isLeased: boolean;
    readonly nextAt: string | null;
    readonly isDue: boolean;
    readonly failures: number;
    readonly retries: number;
    readonly lastError: string | null;
  } | null;
}

/**
 * Why an instance stands where it stands: the step that brought it there with what that asked and was told, what keeps it from going on, and for each wait who can end
 * it and how. @throws Problem not-found
 */
export async function explainInstance(reader: Reader, id: string): Promise<JsonObject> {
  const {
    processId = null,
    businessKey = null,
    status = null,
    revision = null,
    workflowState = null,
    ...instance
  } = await readInstance(reader, id);
  const { suspendedAt = null, suspendedBy = null, suspensionReason = null, suspendedWith = null } = instance;
  const [last] = await reader.query<{ step: JsonObject }>(
    `select jsonb_build_object('revision', s.revision, 'trigger', s.trigger, 'elementId', s.element_id, 'actor', s.actor, 'reason', s.reason, 'at', orderflow.iso(s.at),
              'path', coalesce((select jsonb_agg(t -> 'elementId') from jsonb_array_elements(s.trail) t where t ->> 'event' = 'enter'), '[]'), 'asked', s.asked) as step
       from orderflow.step s where s.instance_id = $1 and jsonb_array_length(s.trail) > 0 order by s.revision desc limit 1`,
    [id],
  );
  const waits = await waitsOf(reader, id);
  return {
    processInstanceId: id,
    processId,
    businessKey,
    status,
    revision,
    workflowState,
    suspension: suspendedAt === null ? null : { at: suspendedAt, by: suspendedBy, reason: suspensionReason, with: suspendedWith },
    cameBy: last?.step ?? null,
    waits: waits.map(({ id: waitId, kind, elementId, incident, ...wait }) => ({
      waitId,
      kind,
      elementId,
      ...(wait.roles.length > 0 && { roles: wait.roles }),
      ...(incident && { incident }),
      ...(wait.jobType !== null && { jobType: wait.jobType }),
      ...(wait.job && { job: wait.job }),
      needs: incident
        ? `Its incident keeps it: ${incident.message} Mend the cause, then POST /v1/incidents/${incident.id}/resolution.`
        : needsOf({ ...wait, id: waitId, kind, elementId, incident }),
    })),
  };
}

const waitsOf = (reader: Reader, instanceId: string): Promise<WaitRow[]> =>
  reader.query<WaitRow>(
    `select w.id, w.kind, w.element_id as "elementId", w.properties, w.candidate_groups as roles, w.assignee, w.override_request_id as "overrideRequestId",
            w.job_type as "jobType", w.message_name as "messageName", w.correlation_key as "correlationKey", w.signal_name as "signalName", orderflow.iso(w.due_at) as "dueAt",
            (select c.id from orderflow.process_instance c where c.parent_wait_id = w.id and c.status = 'running') as "calledInstanceId",
            (select jsonb_build_object('id', n.id, 'message', n.message, 'status', case when n.retried_at is null then 'open' else 'retrying' end)
               from orderflow.incident n where n.wait_id = w.id and n.resolved_at is null) as incident,
            (select jsonb_build_object('reason', s.reason, 'by', s.suspended_by, 'at', orderflow.iso(s.suspended_at))
               from orderflow.suspension s where s.kind = 'job-type' and s.ref = w.job_type and s.resumed_at is null) as "typeSuspension",
            (select jsonb_build_object('external', o.external, 'leasedBy', o.leased_by, 'isLeased', o.lease_token is not null and o.next_at > orderflow.now(),
                      'nextAt', case when o.next_at <> 'infinity' then orderflow.iso(o.next_at) end, 'isDue', o.next_at <= orderflow.now(),
                      'failures', o.failures, 'retries', w.retries, 'lastError', o.last_error)
               from orderflow.outbox o where o.wait_id = w.id and o.done_at is null and o.cancelled_at is null) as job
       from orderflow.wait w where w.instance_id = $1 and w.status = 'open' order by w.opened_at, w.element_id`,
    [instanceId],
  );

/** Who or what ends a wait, as a sentence. */
function needsOf(wait: WaitRow): string {
  switch (wait.kind) {
    case 'user':
      if (wait.overrideRequestId !== null) return `A decision on the override request ${wait.overrideRequestId}.`;
      return `${wait.assignee ?? `Somebody with the role ${wait.roles.join(' or ')}`} completes it: POST /v1/user-tasks/${wait.id}/completion.`;
    case 'job':
      return needsOfJob(wait);
    case 'message':
      return `A message ${wait.messageName} with the key ${wait.correlationKey}.`;
    case 'signal':
      return `A signal ${wait.signalName}.`;
    case 'timer':
      return `Time: it is due at ${wait.dueAt}.`;
    case 'call':
      return wait.calledInstanceId === null
        ? 'The called process, which is about to start or has just ended.'
        : `The end of the called instance ${wait.calledInstanceId}.`;
    default:
      return 'Its condition becoming true.';
  }
}

function needsOfJob({ jobType, job, typeSuspension }: WaitRow): string {
  if (typeSuspension)
    return `Jobs of the type ${jobType} are suspended since ${typeSuspension.at} by ${typeSuspension.by}: ${typeSuspension.reason}`;
  const who = job?.external === true ? `An external worker for ${jobType}` : `The service itself does ${jobType}`;
  const trouble =
    job && job.failures > 0 ? ` It failed ${job.failures} of ${job.retries} times: ${job.lastError ?? 'no word'}.` : '';
  if (job?.isLeased === true) return `${job.leasedBy ?? 'The service'} has it until ${job.nextAt}.${trouble}`;
  return `${who}${job?.isDue === false ? `, from ${job.nextAt} on` : ''}.${trouble}`;
}
