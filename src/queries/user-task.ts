import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { searchPage, type Page, type SearchRequest, type Searchable } from './search.ts';

const task = `jsonb_strip_nulls(jsonb_build_object('id', w.id, 'processInstanceId', w.instance_id, 'businessKey', i.business_key, 'processId', i.process_id,
  'elementId', w.element_id, 'name', w.element_name, 'status', w.status, 'revision', w.revision, 'candidateGroups', w.candidate_groups,
  'assignee', w.assignee, 'formId', w.form_id, 'overrideRequestId', w.override_request_id, 'subjectType', i.subject_type, 'subjectId', i.subject_id,
  'openedAt', orderflow.iso(w.opened_at), 'closedAt', orderflow.iso(w.closed_at), 'closedBy', w.closed_by))`;
const from = `orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id`;

/** A user task, open or closed. @throws Problem not-found */
export async function readUserTask(reader: Reader, id: string): Promise<JsonObject> {
  const [row] = await reader.query<{ task: JsonObject }>(
    `select ${task} as task from ${from} where w.id = $1 and w.kind = 'user'`,
    [id],
  );
  if (!row) throw new Problem('not-found', `There is no user task ${id}.`);
  return row.task;
}

const searchable: Searchable = {
  item: task,
  from,
  where: `w.kind = 'user'`,
  id: 'w.id',
  fields: {
    id: 'w.id::text',
    status: 'w.status',
    elementId: 'w.element_id',
    processId: 'i.process_id',
    processInstanceId: 'w.instance_id::text',
    businessKey: 'i.business_key',
    subjectId: 'i.subject_id::text',
    assignee: 'w.assignee',
    candidateGroup: 'w.candidate_groups',
    openedAt: 'w.opened_at',
  },
};

export const searchUserTasks = (reader: Reader, request: SearchRequest): Promise<Page> => searchPage(reader, searchable, request);
