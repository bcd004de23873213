/** How many called instances one answer lists: those that run first, then the newest. */
const childrenListed = 100;

/** Who called the instance `i`, null when nobody did. */
export const callerColumns = `(
  select jsonb_build_object('processInstanceId', p.id, 'processId', p.process_id, 'businessKey', p.business_key, 'waitId', w.id, 'elementId', w.element_id)
    from orderflow.process_instance p join orderflow.wait w on w.id = i.parent_wait_id where p.id = i.parent_instance_id)`;

/** The BPMN error with which the called instance `i` has ended, null when it did not. */
export const errorColumns = `(
  select jsonb_build_object('code', c.outcome ->> 'code', 'message', c.outcome ->> 'message')
    from orderflow.call c where c.wait_id = i.parent_wait_id and i.status = 'failed')`;

/** The instances that `i` has called. */
export const childrenColumns = `(
  select coalesce(jsonb_agg(child order by running desc, started_at desc), '[]')
    from (select p.status = 'running' as running, p.started_at,
                 jsonb_build_object('processInstanceId', p.id, 'processId', p.process_id, 'version', v.version, 'businessKey', p.business_key, 'status', p.status,
                   'waitId', w.id, 'elementId', w.element_id, 'suspendedAt', orderflow.iso(p.suspended_at),
                   'openIncidents', (select count(*) from orderflow.incident n where n.instance_id = p.id and n.resolved_at is null),
                   'startedAt', orderflow.iso(p.started_at), 'endedAt', orderflow.iso(p.ended_at)) as child
            from orderflow.process_instance p
            join orderflow.wait w on w.id = p.parent_wait_id
            join orderflow.process_definition v on v.id = p.process_definition_id
           where p.parent_instance_id = i.id
           order by p.status = 'running' desc, p.started_at desc limit ${childrenListed}) children)`;

/** How many those are in all. */
export const childCount = '(select count(*) from orderflow.process_instance p where p.parent_instance_id = i.id)';

/** The process that the wait `w` of a call activity waits for. */
export const calledProcess = `(select c.process_id from orderflow.call c where c.wait_id = w.id)`;
/** The instance that was started for it; null until then. */
export const calledInstance = `(select p.id from orderflow.process_instance p where p.parent_wait_id = w.id and p.status <> 'cancelled')`;
