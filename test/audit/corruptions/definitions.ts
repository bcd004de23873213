import { id } from '../life.ts';
import type { Corruption } from './corruption.ts';

const decision = (version: number, file: string): string =>
  `insert into orderflow.decision_definition (id, deployment_id, decision_id, name, version, resource_name)
   values (gen_random_uuid(), '${id('deployment')}', 'level', 'Level', ${version}, '${file}')`;

export const definitionCorruptions: readonly Corruption[] = [
  {
    check: 'A39a',
    because: 'the first version of a decision is gone',
    sql: `insert into orderflow.deployment_resource (deployment_id, name, content) values ('${id('deployment')}', 'level.dmn', '');
          ${decision(2, 'level.dmn')}`,
  },
  {
    check: 'A39b',
    because: 'the file of a decision is gone',
    sql: decision(1, 'lost.dmn'),
  },
];
