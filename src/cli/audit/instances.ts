import type { Check } from './check.ts';

/** Instances, their steps and the commands that made them. */
export const instanceChecks: readonly Check[] = [
  {
    id: 'A01',
    title: 'One instance runs under a business key',
    sql: `
      select (array_agg(id))[1] as instance_id, business_key as subject,
             format('%s instances of %s run under this key: %s', count(*), process_id, string_agg(id::text, ', ' order by id)) as what
        from orderflow.process_instance where status = 'running'
       group by process_id, business_key having count(*) > 1`,
  },
  {
    id: 'A03',
    title: 'The revision of an instance is the number of its steps',
    sql: `
      select i.id as instance_id, i.business_key as subject, format('revision %s, but %s steps', i.revision, count(s.revision)) as what
        from orderflow.process_instance i left join orderflow.step s on s.instance_id = i.id
       group by i.id having count(s.revision) <> i.revision or i.revision < 1`,
  },
  {
    id: 'A04',
    title: 'The revision of an instance is that of its last step',
    sql: `
      select i.id as instance_id, i.business_key as subject, format('revision %s, but the last step has %s', i.revision, max(s.revision)) as what
        from orderflow.process_instance i join orderflow.step s on s.instance_id = i.id
       group by i.id having max(s.revision) <> i.revision`,
  },
  {
    id: 'A05',
    title: 'The steps of an instance are numbered from 1 without a gap',
    sql: `
      select s.instance_id, i.business_key as subject, format('step %s comes right after step %s', s.revision, s.before) as what
        from (select instance_id, revision, lag(revision, 1, 0) over (partition by instance_id order by revision) as before from orderflow.step) s
        join orderflow.process_instance i on i.id = s.instance_id
       where s.revision <> s.before + 1`,
  },
  {
    id: 'A06a',
    title: 'Each step carries the hash of the step before it',
    sql: `
      select s.instance_id, i.business_key as subject,
             format('step %s follows %s, but the step before it has %s', s.revision, coalesce(left(s.prev_hash, 12), 'nothing'), coalesce(left(s.before, 12), 'no hash')) as what
        from (select instance_id, revision, prev_hash, lag(hash) over (partition by instance_id order by revision) as before from orderflow.step) s
        join orderflow.process_instance i on i.id = s.instance_id
       where s.prev_hash is distinct from s.before`,
  },
  {
    id: 'A06b',
    title: 'The hash of a step is that of its contents',
    sql: `
      select s.instance_id, i.business_key as subject, format('step %s says %s, its contents give %s', s.revision, left(s.hash, 12), left(s.computed, 12)) as what
        from (select instance_id, revision, hash,
                     encode(sha256(convert_to(
                       coalesce(prev_hash, '-') || '|' || instance_id::text || '|' || revision::text || '|' || trigger || '|' || coalesce(element_id, '-')
                       || '|' || coalesce(wait_id::text, '-') || '|' || actor || '|' || coalesce(on_behalf_of, '-') || '|' || coalesce(command_id::text, '-')
                       || '|' || array_to_string(opened, ',') || '|' || array_to_string(closed, ',') || '|' || trail::text || '|' || asked::text
                       || '|' || coalesce(state_hash, '-') || '|' || (extract(epoch from at) * 1000000)::bigint::text || coalesce('|' || reason, ''), 'UTF8')), 'hex') as computed
                from orderflow.step) s
        join orderflow.process_instance i on i.id = s.instance_id
       where s.hash is distinct from s.computed`,
  },
  {
    id: 'A06c',
    title: 'The instance knows the hash of its last step',
    sql: `
      select i.id as instance_id, i.business_key as subject,
             format('the head of its log is %s, its last step has %s', coalesce(left(i.log_head, 12), 'nothing'), coalesce(left(s.hash, 12), 'no hash')) as what
        from orderflow.process_instance i
        left join (select distinct on (instance_id) instance_id, hash from orderflow.step order by instance_id, revision desc) s on s.instance_id = i.id
       where i.log_head is distinct from s.hash`,
  },
  {
    id: 'A07',
    title: 'A command moves an instance once from one wait',
    sql: `
      select s.instance_id, i.business_key as subject,
             format('command %s took the steps %s%s', s.command_id, string_agg(s.revision::text, ', ' order by s.revision), ' at ' || s.wait_id) as what
        from orderflow.step s join orderflow.process_instance i on i.id = s.instance_id
       where s.command_id is not null
       group by s.instance_id, i.business_key, s.command_id, s.wait_id having count(*) > 1`,
  },
  {
    id: 'A16',
    title: 'A committed command has its answer',
    sql: `
      select null::uuid as instance_id, format('command %s', id) as subject, format('%s by %s with key %s has no answer', name, actor, key) as what
        from orderflow.command where status is null or body is null`,
  },
  {
    id: 'A18a',
    title: 'A command that was answered with success took its step',
    sql: `
      select null::uuid as instance_id, format('command %s', c.id) as subject,
             format('%s by %s with key %s was answered with %s, but no step is its work', c.name, c.actor, c.key, c.status) as what
        from orderflow.command c
       where c.status between 200 and 299
         and c.name in ('create a quotation', 'create a sale order', 'withdraw a quotation', 'cancel a sale order', 'choose a payment method',
                        'ship a fulfilment', 'record a delivery', 'complete a user task', 'complete a job', 'raise an error of a job', 'start a process instance', 'move a token', 'drop a wait', 'change variables',
                        'change the retries of a job', 'take a lease away', 'suspend a process instance', 'resume a process instance')
         and not exists (select from orderflow.step s where s.command_id = c.id)
         -- between clearing and its shipments a cancellation is left for the sale, which takes it up by itself
         and not (c.name = 'cancel a sale order' and exists (select from orderflow.message m where m.source = 'cancellation:' || (c.body ->> 'id')))`,
  },
  {
    id: 'A18b',
    title: 'Each step is the work of a command of the same actor',
    sql: `
      select s.instance_id, i.business_key as subject,
             case when c.id is null then format('step %s (%s) by %s belongs to no command', s.revision, s.trigger, s.actor)
                  else format('step %s (%s) is by %s, its command is by %s', s.revision, s.trigger, s.actor, c.actor) end as what
        from orderflow.step s join orderflow.process_instance i on i.id = s.instance_id
        left join orderflow.command c on c.id = s.command_id
       where c.actor is distinct from s.actor`,
  },
  {
    id: 'A24a',
    title: 'A running instance has its engine state, an ended one has none',
    sql: `
      select i.id as instance_id, i.business_key as subject,
             case when i.status <> 'running' then format('it is %s, but still has the state %s', i.status, left(i.state_hash, 12))
                  else format('it runs, but its state %s is not stored', coalesce(left(i.state_hash, 12), 'null')) end as what
        from orderflow.process_instance i
        left join orderflow.engine_state e on e.process_definition_id = i.process_definition_id and e.hash = i.state_hash
       where (i.status = 'running') <> (e.hash is not null) or (i.status <> 'running' and i.state_hash is not null)`,
  },
  {
    id: 'A24b',
    title: 'An engine state is stored under the hash of its text',
    sql: `
      select null::uuid as instance_id, format('engine state %s', left(hash, 12)) as subject,
             format('its text has the hash %s', left(encode(sha256(convert_to(state, 'UTF8')), 'hex'), 12)) as what
        from orderflow.engine_state where hash <> encode(sha256(convert_to(state, 'UTF8')), 'hex')`,
  },
  {
    id: 'A24c',
    title: 'An instance stands where its last step left it',
    sql: `
      select i.id as instance_id, i.business_key as subject,
             format('its state is %s, its last step left %s', coalesce(left(i.state_hash, 12), 'null'), coalesce(left(s.state_hash, 12), 'null')) as what
        from orderflow.process_instance i
        join (select distinct on (instance_id) instance_id, state_hash from orderflow.step order by instance_id, revision desc) s on s.instance_id = i.id
       where i.state_hash is distinct from s.state_hash`,
  },
];
