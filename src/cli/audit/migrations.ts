import type { Check } from './check.ts';

/** Instances that went to another version of their process, and batches of them. */
export const migrationChecks: readonly Check[] = [
  {
    id: 'A38a',
    title: 'A migrated instance is on the version that its last migration led to',
    sql: `
      select i.id as instance_id, i.business_key as subject,
             format('it is on the definition %s, its last migration (step %s) led to %s', i.process_definition_id, m.revision, m.to_definition_id) as what
        from (select distinct on (instance_id) instance_id, revision, to_definition_id from orderflow.instance_migration order by instance_id, revision desc) m
        join orderflow.process_instance i on i.id = m.instance_id
       where i.process_definition_id <> m.to_definition_id`,
  },
  {
    id: 'A38b',
    title: 'A migration begins on the version where the one before it ended, within one process',
    sql: `
      select m.instance_id, i.business_key as subject,
             format('step %s leaves the definition %s (%s) for %s (%s), the migration before it led to %s', m.revision, m.from_definition_id, f.process_id,
                    m.to_definition_id, t.process_id, coalesce(m.before_it::text, '-')) as what
        from (select *, lag(to_definition_id) over (partition by instance_id order by revision) as before_it from orderflow.instance_migration) m
        join orderflow.process_instance i on i.id = m.instance_id
        join orderflow.process_definition f on f.id = m.from_definition_id
        join orderflow.process_definition t on t.id = m.to_definition_id
       where m.before_it <> m.from_definition_id or (f.process_id, t.process_id) is distinct from (i.process_id, i.process_id)`,
  },
  {
    id: 'A38c',
    title: 'Each change of version is a step that says so, and each such step changed the version',
    sql: `
      select coalesce(m.instance_id, s.instance_id) as instance_id, i.business_key as subject,
             case when s.instance_id is null then format('the migration to %s names step %s, which is none', m.to_definition_id, m.revision)
                  when m.instance_id is null then format('step %s (%s) changed no version', s.revision, s.trigger)
                  else format('step %s says %s from %s to %s, the record %s from %s to %s', s.revision, s.trigger, coalesce(s.from_id, '-'), coalesce(s.to_id, '-'),
                              case when m.undoes is null then 'migrate' else 'undo-migration' end, m.from_definition_id, m.to_definition_id) end as what
        from orderflow.instance_migration m
        full join (select instance_id, revision, trigger, trail -> 0 -> 'from' ->> 'processDefinitionId' as from_id, trail -> 0 -> 'to' ->> 'processDefinitionId' as to_id
                     from orderflow.step where trigger in ('migrate', 'undo-migration')) s
          on s.instance_id = m.instance_id and s.revision = m.revision
        left join orderflow.process_instance i on i.id = coalesce(m.instance_id, s.instance_id)
       where (case when m.undoes is null then 'migrate' else 'undo-migration' end, m.from_definition_id::text, m.to_definition_id::text)
             is distinct from (s.trigger, s.from_id, s.to_id)`,
  },
  {
    id: 'A38d',
    title: 'A migration that was taken back was the last thing that had happened, and led back to where it came from',
    sql: `
      select u.instance_id, i.business_key as subject,
             format('step %s takes step %s back: it leads from %s to %s, that one led from %s to %s', u.revision, u.undoes, u.from_definition_id, u.to_definition_id,
                    m.from_definition_id, m.to_definition_id) as what
        from orderflow.instance_migration u
        join orderflow.instance_migration m on m.instance_id = u.instance_id and m.revision = u.undoes
        join orderflow.process_instance i on i.id = u.instance_id
       where u.revision <> m.revision + 1 or (u.from_definition_id, u.to_definition_id) <> (m.to_definition_id, m.from_definition_id)`,
  },
  {
    id: 'A38e',
    title: 'What a batch says of an instance is what happened to it: migrated once, taken back once, or nothing',
    sql: `
      select coalesce(n.instance_id, d.instance_id) as instance_id, i.business_key as subject,
             format('the batch %s says %s at step %s%s, and did: %s', coalesce(n.batch_id, d.batch_id), coalesce(n.outcome, 'nothing yet'),
                    coalesce(n.migrated_revision::text, '-'), case when n.undo_outcome is not null then ', then ' || n.undo_outcome else '' end,
                    case when d.instance_id is null then 'nothing'
                         else format('%s migrations (step %s), %s taken back', d.migrations, coalesce(d.revision::text, '-'), d.undos) end) as what
        from orderflow.migration_item n
        full join (select batch_id, instance_id, count(*) filter (where undoes is null) as migrations, count(*) filter (where undoes is not null) as undos,
                          min(revision) filter (where undoes is null) as revision
                     from orderflow.instance_migration where batch_id is not null group by batch_id, instance_id) d
          on d.batch_id = n.batch_id and d.instance_id = n.instance_id
        left join orderflow.process_instance i on i.id = coalesce(n.instance_id, d.instance_id)
       where (n.instance_id is not null, coalesce((n.outcome = 'migrated')::int, 0), coalesce((n.undo_outcome = 'undone')::int, 0), n.migrated_revision)
             is distinct from (true, coalesce(d.migrations, 0), coalesce(d.undos, 0), d.revision)`,
  },
];
