import type { Reader } from '../persistence/reader.ts';
import type { JsonObject } from '../support/json.ts';
import { listDefinitions, readDefinition, readDefinitionXml, type DefinitionKind } from './definition.ts';

const processes: DefinitionKind = {
  table: 'process_definition',
  key: 'process_id',
  what: 'process definition',
  members: `'processId', d.process_id,
  'suspension', (select jsonb_build_object('kind', s.kind, 'at', orderflow.iso(s.suspended_at), 'by', s.suspended_by, 'reason', s.reason) from orderflow.suspension s
                  where s.resumed_at is null and (s.kind, s.ref) in (('process', d.process_id), ('definition', d.id::text)) order by s.suspended_at limit 1)`,
};

/** Every version of every process, newest first. */
export const listProcessDefinitions = (reader: Reader): Promise<JsonObject[]> => listDefinitions(reader, processes);

/** @throws Problem not-found */
export const readProcessDefinition = (reader: Reader, id: string): Promise<JsonObject> => readDefinition(reader, processes, id);

/** The diagram as it was deployed (BPMN 2.0 XML). @throws Problem not-found */
export const readProcessXml = (reader: Reader, id: string): Promise<string> => readDefinitionXml(reader, processes, id);
