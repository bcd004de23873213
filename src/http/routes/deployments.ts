import { z } from 'zod';
import type { Resources } from '../../commands/bundle-files.ts';
import { deployFiles, findingsOfRows } from '../../commands/deploy.ts';
import { toldOutside } from '../../commands/lint-bundle.ts';
import { DecisionDefinition, Deployed, Deployment, Files, JobType, LintResult } from '../../contract/deployment.ts';
import { listOf } from '../../contract/search.ts';
import { Id } from '../../contract/values.ts';
import { permissions } from '../../policies/roles.ts';
import { listDecisionDefinitions, readDecisionDefinition, readDecisionXml } from '../../queries/decision-definition.ts';
import { listJobTypes, readDeployment } from '../../queries/deployment.ts';
import { command } from '../command-route.ts';
import { query, readerOf, textQuery } from '../query-route.ts';
import { contractOf, type Route } from '../route.ts';
import { readBody } from '../validation.ts';

const tag = 'Deployments';
const params = z.strictObject({ id: Id });

const resourcesOf = ({ files }: z.output<typeof Files>): Resources => new Map(files.map(({ name, content }) => [name, content]));

/** Judges files and keeps nothing; whoever is known may ask. */
const lintRoute: Route = {
  ...contractOf({
    method: 'post',
    path: '/v1/definitions/lint',
    operationId: 'lintDefinitions',
    summary: 'What a deployment of these files would be refused for, and what it would be warned of',
    tag,
    body: Files,
    takesFiles: true,
    answers: { 200: LintResult },
  }),
  handle: async (exchange) => {
    readerOf(exchange, undefined);
    const { findings: found, processes, decisions } = await exchange.app.lint(resourcesOf(readBody(Files, exchange.body)));
    const more = await exchange.app.deps.database.read((reader) => findingsOfRows(reader, processes));
    const findings = [...more.map(toldOutside), ...found];
    return {
      status: 200,
      body: {
        accepted: findings.every(({ severity }) => severity !== 'error'),
        findings,
        processes: processes.map(({ resourceName, process: { processId } }) => ({ processId, resourceName })),
        decisions: decisions.map(({ decisionId, resourceName }) => ({ decisionId, resourceName })),
      },
    };
  },
};

export const deploymentRoutes: readonly Route[] = [
  command({
    method: 'post',
    path: '/v1/deployments',
    operationId: 'deploy',
    summary: 'Deploy diagrams, decision tables and schemas as one version, all or nothing',
    tag,
    body: Files,
    takesFiles: true,
    answers: { 200: Deployed, 201: Deployed },
    problems: ['definition-refused'],
    roles: permissions.deploy,
    run: ({ app, deps, request, body }) => deployFiles(deps, request, { resources: resourcesOf(body), lint: app.lint }),
  }),
  query({
    path: '/v1/deployments/{id}',
    operationId: 'getDeployment',
    summary: 'One deployment and what it brought',
    tag,
    params,
    answer: Deployment,
    problems: ['not-found'],
    run: ({ reader, params }) => readDeployment(reader, params.id),
  }),
  lintRoute,
  query({
    path: '/v1/decision-definitions',
    operationId: 'listDecisionDefinitions',
    summary: 'Every version of every decision, newest first',
    tag,
    answer: listOf(DecisionDefinition),
    run: async ({ reader }) => ({ items: await listDecisionDefinitions(reader) }),
  }),
  query({
    path: '/v1/decision-definitions/{id}',
    operationId: 'getDecisionDefinition',
    summary: 'One version of a decision',
    tag,
    params,
    answer: DecisionDefinition,
    problems: ['not-found'],
    run: ({ reader, params }) => readDecisionDefinition(reader, params.id),
  }),
  textQuery({
    path: '/v1/decision-definitions/{id}/xml',
    operationId: 'getDecisionXml',
    summary: 'The file with the decision as it was deployed (DMN 1.3)',
    tag,
    params,
    mediaType: 'application/xml',
    problems: ['not-found'],
    run: ({ reader, params }) => readDecisionXml(reader, params.id),
  }),
  query({
    path: '/v1/job-types',
    operationId: 'listJobTypes',
    summary: 'The kinds of work that diagrams may ask for, as the newest versions declare them',
    tag,
    answer: listOf(JobType),
    run: async ({ reader }) => ({ items: await listJobTypes(reader) }),
  }),
];
