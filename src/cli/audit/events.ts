import type { Check } from './check.ts';

/** What others are told: every transition, once, and all of it in an order that nobody can miss anything by. */
export const eventChecks: readonly Check[] = [
  {
    id: 'A27a',
    title: 'Each transition of a running order was told by one event, and each such event tells a transition',
    // what was adopted from another system had happened before anybody was told
    sql: `
      select t.instance_id, coalesce(e.subject_number, i.business_key) as subject,
             case when e.id is null then format('transition %s to %s was told to nobody', t.sequence, t.to_state)
                  when t.sequence is null then format('event %s tells transition %s, which does not exist', e.id, e.transition)
                  when e.times > 1 then format('transition %s to %s was told %s times', t.sequence, t.to_state, e.times)
                  else format('transition %s went from %s to %s, event %s tells %s to %s', t.sequence, coalesce(t.from_state, 'nothing'), t.to_state, e.id,
                              coalesce(e.from_state, 'nothing'), e.to_state) end as what
        from (select * from orderflow.transition where trigger not in ('backfill', 'backfill-history')) t
        full join (select (array_agg(id))[1] as id, subject_type, subject_id, min(subject_number) as subject_number, (data->>'transition')::int as transition,
                          min(data->'workflowState'->>'from') as from_state, min(data->'workflowState'->>'to') as to_state, count(*) as times
                     from orderflow.event where type = 'workflow.transitioned' group by subject_type, subject_id, data->>'transition') e
          on (e.subject_type, e.subject_id, e.transition) = (t.entity_type, t.entity_id, t.sequence)
        left join orderflow.process_instance i on i.id = t.instance_id
       where e.id is null or t.sequence is null or e.times > 1 or (e.from_state, e.to_state) is distinct from (t.from_state, t.to_state)`,
  },
  {
    id: 'A27b',
    title: 'The positions of published events begin with 1 and have no gap',
    sql: `
      select null::uuid as instance_id, 'events' as subject, format('position %s comes right after position %s', position, before) as what
        from (select position, lag(position, 1, 0::bigint) over (order by position) as before from orderflow.event where position is not null) e
       where position <> before + 1`,
  },
  {
    id: 'A27c',
    title: 'The published events of a subject are numbered from 1 without a gap, in the order in which they happened',
    sql: `
      select null::uuid as instance_id, coalesce(subject_number, subject_id::text) as subject,
             format('event %s has the number %s at position %s (drawn as %s), the one before it %s (drawn as %s)', type, subject_sequence, position, sequence,
                    before, drawn_before) as what
        from (select *, lag(subject_sequence, 1, 0) over of_subject as before, lag(sequence, 1, 0::bigint) over of_subject as drawn_before
                from orderflow.event where position is not null window of_subject as (partition by subject_id order by position)) e
       where subject_sequence <> before + 1 or sequence <= drawn_before`,
  },
  {
    id: 'A27d',
    title: 'An event is published soon',
    sql: `
      select null::uuid as instance_id, coalesce(subject_number, subject_id::text) as subject, format('%s of %s is not published', type, at) as what
        from orderflow.event cross join asked where position is null and at < orderflow.now() - asked.lease`,
  },
  {
    id: 'A27e',
    title: 'No consumer has acknowledged more than there is',
    sql: `
      select null::uuid as instance_id, c.name as subject, format('it is at %s, the last event is at %s', c.position, coalesce(e.last, 0)) as what
        from orderflow.event_consumer c cross join (select max(position) as last from orderflow.event) e
       where c.position > coalesce(e.last, 0)`,
  },
];
