import { instanceRests } from '../persistence/resting.ts';
import type { Reader } from '../persistence/reader.ts';
import { searchPage, type Page, type SearchRequest, type Searchable } from './search.ts';

const incidents = '(select count(*) from orderflow.incident n where n.instance_id = i.id and n.resolved_at is null)';
const rests = instanceRests('i.id');
const instance = `jsonb_build_object('id', i.id, 'processId', i.process_id, 'version', d.version, 'processDefinitionId', d.id, 'businessKey', i.business_key,
  'status', i.status, 'revision', i.revision, 'subjectType', i.subject_type, 'subjectId', i.subject_id, 'suspended', ${rests}, 'openIncidents', ${incidents},
  'parentInstanceId', i.parent_instance_id, 'startedBy', i.started_by, 'startedAt', orderflow.iso(i.started_at), 'endedAt', orderflow.iso(i.ended_at))`;

const searchable: Searchable = {
  item: instance,
  from: 'orderflow.process_instance i join orderflow.process_definition d on d.id = i.process_definition_id',
  where: 'true',
  id: 'i.id',
  fields: {
    id: 'i.id::text',
    processId: 'i.process_id',
    version: 'd.version::text',
    processDefinitionId: 'd.id::text',
    businessKey: 'i.business_key',
    status: 'i.status',
    subjectType: 'i.subject_type',
    subjectId: 'i.subject_id::text',
    suspended: `(${rests})::text`,
    parentInstanceId: 'i.parent_instance_id::text',
    startedBy: 'i.started_by',
    startedAt: 'i.started_at',
    endedAt: 'i.ended_at',
  },
};

/** Instances of all processes, those of orders included. */
export const searchInstances = (reader: Reader, request: SearchRequest): Promise<Page> => searchPage(reader, searchable, request);
