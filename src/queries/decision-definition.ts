import type { Reader } from '../persistence/reader.ts';
import type { JsonObject } from '../support/json.ts';
import { listDefinitions, readDefinition, readDefinitionXml, type DefinitionKind } from './definition.ts';

const decisions: DefinitionKind = {
  table: 'decision_definition',
  key: 'decision_id',
  what: 'decision definition',
  members: `'decisionId', d.decision_id, 'name', d.name`,
};

/** Every version of every decision, newest first. */
export const listDecisionDefinitions = (reader: Reader): Promise<JsonObject[]> => listDefinitions(reader, decisions);

/** @throws Problem not-found */
export const readDecisionDefinition = (reader: Reader, id: string): Promise<JsonObject> => readDefinition(reader, decisions, id);

/** The file with the decision as it was deployed (DMN 1.3 XML). @throws Problem not-found */
export const readDecisionXml = (reader: Reader, id: string): Promise<string> => readDefinitionXml(reader, decisions, id);
