import { everyOrder, type Check } from './check.ts';

/** The log of states of each order, and the order that it is about. */
export const transitionChecks: readonly Check[] = [
  {
    id: 'A26a',
    title: 'Each transition starts in the state where the one before it ended',
    sql: `
      select t.instance_id, o.number as subject, format('transition %s comes from %s, the one before it went to %s', t.sequence, coalesce(t.from_state, 'nothing'),
             coalesce(t.before, 'nothing')) as what
        from (select *, lag(to_state) over (partition by entity_type, entity_id order by sequence) as before from orderflow.transition) t
        left join (${everyOrder}) o on o.type = t.entity_type and o.id = t.entity_id
       where t.from_state is distinct from t.before`,
  },
  {
    id: 'A26b',
    title: 'The transitions of an order are numbered from 1 without a gap',
    sql: `
      select t.instance_id, o.number as subject, format('transition %s comes right after transition %s', t.sequence, t.before) as what
        from (select *, lag(sequence, 1, 0) over (partition by entity_type, entity_id order by sequence) as before from orderflow.transition) t
        left join (${everyOrder}) o on o.type = t.entity_type and o.id = t.entity_id
       where t.sequence <> t.before + 1`,
  },
  {
    id: 'A26c',
    title: 'An order is in the state of its last transition and knows how many there were',
    sql: `
      select o.process_instance_id as instance_id, o.number as subject,
             format('it is %s after %s transitions, its log ends in %s after %s', coalesce(o.workflow_state, 'nowhere'), o.transition_count,
                    coalesce(t.to_state, 'nothing'), coalesce(t.count, 0)) as what
        from (${everyOrder}) o
        left join (select distinct on (entity_type, entity_id) entity_type, entity_id, to_state, count(*) over (partition by entity_type, entity_id) as count
                     from orderflow.transition order by entity_type, entity_id, sequence desc) t on t.entity_type = o.type and t.entity_id = o.id
       where o.workflow_state is distinct from t.to_state or o.transition_count <> coalesce(t.count, 0)`,
  },
  {
    id: 'A26d',
    title: 'Each transition was made by a step that entered the element which carries the state',
    sql: `
      select t.instance_id, coalesce(i.business_key, o.number) as subject,
             case when s.instance_id is null then format('transition %s to %s (%s) names step %s, which does not exist', t.sequence, t.to_state, t.trigger, coalesce(t.instance_revision::text, '-'))
                  else format('transition %s to %s at %s (%s by %s) is not what step %s (%s by %s) did', t.sequence, t.to_state, t.element_id, t.trigger, t.actor,
                              s.revision, s.trigger, s.actor) end as what
        from orderflow.transition t
        left join orderflow.process_instance i on i.id = t.instance_id
        left join orderflow.step s on s.instance_id = t.instance_id and s.revision = t.instance_revision
        left join (${everyOrder}) o on o.type = t.entity_type and o.id = t.entity_id
       where case when t.instance_id is null
                  -- what the old system did, and how an order came here that was over
                  then (t.trigger = 'backfill-history' and t.at <= o.adopted_at
                        or t.trigger = 'backfill' and t.at = o.adopted_at and o.process_instance_id is null) is not true
                  else s.instance_id is null or (s.trigger, s.actor, s.at) is distinct from (t.trigger, t.actor, t.at)
                       or (i.subject_type, i.subject_id) is distinct from (t.entity_type, t.entity_id)
                       or not s.trail @> jsonb_build_array(jsonb_build_object('event', 'enter', 'elementId', t.element_id, 'workflowState', t.to_state)) end`,
  },
];
