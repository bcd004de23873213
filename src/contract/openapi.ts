import { z } from 'zod';
import { ProblemDocument } from './problem.ts';
import { problemTypes, type ProblemCode } from './problem-types.ts';
import { SchemaCollection, type JsonSchema } from './schema-collection.ts';

export const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
export type Method = (typeof methods)[number];

/** What others see of one route: enough to route, to check and to document it. */
export interface RouteContract {
  readonly method: Method;
  /** With parameters in braces, e.g. `/v1/quotations/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly tag: string;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  /** Undefined: it takes no body. */
  readonly body: z.ZodType | undefined;
  /** By status: the schema of the JSON answer, or the media type of another one. */
  readonly answers: Readonly<Record<number, z.ZodType | string>>;
  /** Beside those that every route has. */
  readonly problems: readonly ProblemCode[];
  /** Of these roles one is needed; undefined: whoever is known, or as the task or request itself says. */
  readonly roles: readonly string[] | undefined;
  /** A command changes something: it takes a key, and can be tried without effect. */
  readonly isCommand: boolean;
  readonly takesIfMatch: boolean;
  /** The body is a form with files (`multipart/form-data`), read as `{files: [{name, content}]}`. */
  readonly takesFiles: boolean;
  /** Nobody has to say who they are. */
  readonly isPublic: boolean;
}

/** The document that describes all routes (OpenAPI 3.1.1, whose schemas are JSON Schema 2020-12). */
export function openApi(
  info: { readonly version: string; readonly description: string },
  routes: readonly RouteContract[],
): JsonSchema {
  const schemas = new SchemaCollection();
  const paths: Record<string, JsonSchema> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route, schemas) };
  }
  const problem = { 'application/problem+json': { schema: schemas.reference(ProblemDocument, 'output') } };
  return {
    openapi: '3.1.1',
    info: { title: 'Orderflow', ...info },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.all(),
      responses: { Problem: { description: 'Problem details (RFC 9457)', content: problem } },
      parameters: requestHeaders,
      headers: responseHeaders,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
  };
}

const DryRunPreview = z
  .looseObject({
    dryRun: z.literal(true),
    result: z.looseObject({}).meta({ description: 'What the command would answer' }),
    steps: z.array(
      z.looseObject({
        processInstanceId: z.string(),
        path: z.array(z.string()),
        closes: z.array(z.string()),
        opens: z.array(z.looseObject({ elementId: z.string(), kind: z.string(), jobType: z.string().exactOptional() })),
      }),
    ),
  })
  .meta({ id: 'DryRunPreview', description: 'What would happen; nothing has.' });

const text = { type: 'string' };
const inHeader = { in: 'header', required: false };

const requestHeaders = {
  'Idempotency-Key': {
    ...inHeader,
    name: 'Idempotency-Key',
    description:
      'The same key and request get the same answer, however often they are sent (30 days). Left out, the answer names the key that was made.',
    schema: { ...text, minLength: 1, maxLength: 255 },
  },
  'If-Match': {
    ...inHeader,
    name: 'If-Match',
    description: 'The ETag that was read; the command is refused with 412 when it has changed since.',
    schema: text,
  },
  'On-Behalf-Of': {
    ...inHeader,
    name: 'On-Behalf-Of',
    description: 'The person whom the caller acts for, by a delegation: with their roles, and both names in the logs.',
    schema: text,
  },
  traceparent: {
    ...inHeader,
    name: 'traceparent',
    description: 'W3C Trace Context; kept with the step and handed on to its jobs.',
    schema: text,
  },
};

const responseHeaders = {
  ETag: { description: 'Revision of what is answered', schema: text },
  Location: { description: 'Address of what was made', schema: text },
  'Idempotency-Key': { description: 'The key of this command', schema: text },
  'Idempotency-Replayed': { description: '`true`: the stored answer of an earlier request', schema: text },
};

/** Browsers and curl send each file as a part of its own: `-F 'files[]=@sale.bpmn'`. */
const filesForm = {
  'multipart/form-data': {
    schema: {
      type: 'object',
      properties: { 'files[]': { type: 'array', items: { type: 'string', format: 'binary' }, minItems: 1, maxItems: 200 } },
      required: ['files[]'],
    },
  },
};

const component = (kind: string, name: string): JsonSchema => ({ $ref: `#/components/${kind}/${name}` });

function operation(route: RouteContract, schemas: SchemaCollection): JsonSchema {
  const headers = [
    ...(route.isPublic ? [] : ['On-Behalf-Of']),
    ...(route.isCommand ? ['Idempotency-Key', 'traceparent'] : []),
    ...(route.takesIfMatch ? ['If-Match'] : []),
  ];
  return {
    operationId: route.operationId,
    summary: route.summary,
    tags: [route.tag],
    ...(route.isPublic && { security: [] }),
    ...(route.roles && { 'x-required-roles': route.roles }),
    parameters: [
      ...schemas.parameters(route.params, 'path'),
      ...schemas.parameters(route.query, 'query'),
      ...headers.map((name) => component('parameters', name)),
    ],
    ...(route.body && {
      requestBody: {
        required: !route.body.safeParse(undefined).success,
        content: route.takesFiles ? filesForm : { 'application/json': { schema: schemas.reference(route.body, 'input') } },
      },
    }),
    responses: { ...answersOf(route, schemas), ...problemAnswers(problemsOf(route)) },
  };
}

function answersOf({ answers, isCommand }: RouteContract, schemas: SchemaCollection): Record<string, JsonSchema> {
  const preview = schemas.reference(DryRunPreview, 'output');
  const described = Object.entries(answers).map(([status, answer]): [string, JsonSchema] => {
    const schema = typeof answer === 'string' ? text : schemas.reference(answer, 'output');
    const media = typeof answer === 'string' ? answer : 'application/json';
    const names = ['ETag', ...(status === '201' ? ['Location'] : []), 'Idempotency-Key', 'Idempotency-Replayed'];
    const headers = Object.fromEntries(names.map((name) => [name, component('headers', name)]));
    const mayBePreview = isCommand && status === '200';
    const content = { [media]: { schema: mayBePreview ? { anyOf: [schema, preview] } : schema } };
    return [status, { description: status === '201' ? 'Created' : 'OK', ...(isCommand && { headers }), content }];
  });
  const dryRun = { description: 'Dry run', content: { 'application/json': { schema: preview } } };
  return { ...(isCommand && { 200: dryRun }), ...Object.fromEntries(described) };
}

/** What a route can answer beside its own problems. */
function problemsOf({ problems, isCommand, isPublic, body, takesIfMatch }: RouteContract): ReadonlySet<ProblemCode> {
  return new Set([
    'malformed-request',
    ...(isPublic ? [] : (['unauthenticated'] as const)),
    ...(body ? (['payload-too-large', 'unsupported-media-type', 'validation-failed'] as const) : []),
    ...(isCommand ? (['in-flight', 'idempotency-key-reused'] as const) : []),
    ...(takesIfMatch ? (['revision-mismatch'] as const) : []),
    ...problems,
    'unavailable',
  ]);
}

function problemAnswers(codes: ReadonlySet<ProblemCode>): Record<string, JsonSchema> {
  const answers: Record<string, JsonSchema> = {};
  for (const status of new Set([...codes].map((code) => problemTypes[code].status))) {
    const possible = [...codes].filter((code) => problemTypes[code].status === status);
    answers[status] = { ...component('responses', 'Problem'), description: possible.join(', ') };
  }
  return answers;
}
