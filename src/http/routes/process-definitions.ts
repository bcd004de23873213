import { z } from 'zod';
import { ProcessDefinition } from '../../contract/process-definition.ts';
import { listOf } from '../../contract/search.ts';
import { Id } from '../../contract/values.ts';
import { listProcessDefinitions, readProcessDefinition, readProcessXml } from '../../queries/process-definition.ts';
import { query, textQuery } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Process definitions';
const params = z.strictObject({ id: Id });

export const processDefinitionRoutes: readonly Route[] = [
  query({
    path: '/v1/process-definitions',
    operationId: 'listProcessDefinitions',
    summary: 'Every version of every process, newest first',
    tag,
    answer: listOf(ProcessDefinition),
    run: async ({ reader }) => ({ items: await listProcessDefinitions(reader) }),
  }),
  query({
    path: '/v1/process-definitions/{id}',
    operationId: 'getProcessDefinition',
    summary: 'One version of a process',
    tag,
    params,
    answer: ProcessDefinition,
    problems: ['not-found'],
    run: ({ reader, params }) => readProcessDefinition(reader, params.id),
  }),
  textQuery({
    path: '/v1/process-definitions/{id}/xml',
    operationId: 'getProcessXml',
    summary: 'The diagram as it was deployed (BPMN 2.0)',
    tag,
    params,
    mediaType: 'application/xml',
    problems: ['not-found'],
    run: ({ reader, params }) => readProcessXml(reader, params.id),
  }),
];
