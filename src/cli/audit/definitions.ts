import type { Check } from './check.ts';

/** What was deployed stays: versions are never taken away, and an instance finds the files of its own. */
export const definitionChecks: readonly Check[] = [
  {
    id: 'A39a',
    title: 'The versions of a process, and of a decision, count up without a gap',
    sql: `
      select null::uuid as instance_id, process_id as subject, format('%s versions, the last is %s', count(*), max(version)) as what
        from orderflow.process_definition group by process_id having count(*) <> max(version) or min(version) <> 1
      union all
      select null, decision_id, format('%s versions, the last is %s', count(*), max(version))
        from orderflow.decision_definition group by decision_id having count(*) <> max(version) or min(version) <> 1`,
  },
  {
    id: 'A39b',
    title: 'The file of each version of a decision is among the files of its deployment',
    sql: `
      select null::uuid as instance_id, d.decision_id as subject, format('version %s is from %s, which deployment %s does not have', d.version, d.resource_name, d.deployment_id) as what
        from orderflow.decision_definition d
       where not exists (select from orderflow.deployment_resource r where r.deployment_id = d.deployment_id and r.name = d.resource_name)`,
  },
];
