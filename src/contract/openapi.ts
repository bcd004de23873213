import { z } from 'zod';
import { ProblemDocument } from './problem.ts';
import { problemTypes, type ProblemCode } from './problem-types.ts';

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
  /** Nobody has to say who they are. */
  readonly isPublic: boolean;
}

type JsonSchema = Record<string, unknown>;
interface ObjectSchema {
  readonly properties?: Record<string, JsonSchema>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
}

/** The document that describes all routes (OpenAPI 3.1.1, whose schemas are JSON Schema 2020-12). */
export function openApi(info: { readonly version: string; readonly description: string }, routes: readonly RouteContract[]): JsonSchema {
  const schemas = new SchemaCollection();
  const problem = schemas.reference(ProblemDocument, 'output');
  const preview = schemas.reference(DryRunPreview, 'output');
  const paths: Record<string, JsonSchema> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route, schemas, { problem, preview }) };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Orderflow', ...info },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: { schemas: schemas.all(), parameters: headerParameters, securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
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

const header = (name: string, description: string, schema: JsonSchema) => ({ name, in: 'header', required: false, description, schema });

const headerParameters = {
  IdempotencyKey: header(
    'Idempotency-Key',
    'The same key and request get the same answer, however often they are sent (30 days). Left out, the answer names the key that was made.',
    { type: 'string', minLength: 1, maxLength: 255 },
  ),
  IfMatch: header('If-Match', 'The ETag that was read; the command is refused with 412 when it has changed since.', { type: 'string' }),
  Traceparent: header('traceparent', 'W3C Trace Context; kept with the step and handed on to its jobs.', { type: 'string' }),
};

const answerHeaders = {
  ETag: { description: 'Revision of what is answered', schema: { type: 'string' } },
  'Idempotency-Key': { description: 'The key of this command', schema: { type: 'string' } },
  'Idempotency-Replayed': { description: '`true`: the stored answer of an earlier request', schema: { type: 'string' } },
};

function operation(route: RouteContract, schemas: SchemaCollection, { problem, preview }: { problem: JsonSchema; preview: JsonSchema }): JsonSchema {
  const headers = [...(route.isCommand ? ['IdempotencyKey', 'Traceparent'] : []), ...(route.takesIfMatch ? ['IfMatch'] : [])];
  const answers = Object.entries(route.answers).map(([status, answer]) => {
    const media = typeof answer === 'string' ? answer : 'application/json';
    const schema = typeof answer === 'string' ? { type: 'string' } : schemas.reference(answer, 'output');
    const content = { [media]: { schema: route.isCommand && status === '200' ? { anyOf: [schema, preview] } : schema } };
    return [status, { description: status === '201' ? 'Created' : 'OK', ...(route.isCommand && { headers: answerHeaders }), content }];
  });
  const dryRunAnswer = route.isCommand && !(200 in route.answers) ? [['200', { description: 'Dry run', content: { 'application/json': { schema: preview } } }]] : [];
  return {
    operationId: route.operationId,
    summary: route.summary,
    tags: [route.tag],
    ...(route.isPublic && { security: [] }),
    ...(route.roles && { 'x-required-roles': route.roles }),
    parameters: [
      ...schemas.parameters(route.params, 'path'),
      ...schemas.parameters(route.query, 'query'),
      ...headers.map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ],
    ...(route.body && {
      requestBody: { required: !route.body.safeParse(undefined).success, content: { 'application/json': { schema: schemas.reference(route.body, 'input') } } },
    }),
    responses: Object.fromEntries([...dryRunAnswer, ...answers, ...problemAnswers(problemsOf(route), problem)]),
  };
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

function problemAnswers(codes: ReadonlySet<ProblemCode>, problem: JsonSchema): [string, JsonSchema][] {
  const statuses = [...new Set([...codes].map((code) => problemTypes[code].status))].sort((a, b) => a - b);
  return statuses.map((status) => [
    String(status),
    {
      description: [...codes].filter((code) => problemTypes[code].status === status).join(', '),
      content: { 'application/problem+json': { schema: problem } },
    },
  ]);
}

/** Turns schemas into JSON Schema and keeps those that have a name once, as components. */
class SchemaCollection {
  readonly #named: Record<string, JsonSchema> = {};

  /** `input`: as the caller writes it (defaults may be left out); `output`: as we answer it. */
  reference(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    return (this.#convert(z.object({ it: schema }), io)['properties'] as { it: JsonSchema }).it;
  }

  /** The members of an object schema, each as a parameter. */
  parameters(schema: z.ZodType, place: 'path' | 'query'): JsonSchema[] {
    const { properties = {}, required = [], additionalProperties } = this.#convert(schema, 'input') as ObjectSchema;
    const named = Object.entries(properties).map(([name, { description, ...member }]) => ({
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description !== undefined && { description }),
      schema: member,
    }));
    if (typeof additionalProperties !== 'object') return named;
    const description = 'Any field that a search can filter by, as ?field=value; given twice it means one of both.';
    const any = { name: 'fields', in: place, required: false, style: 'form', explode: true, description };
    return [...named, { ...any, schema: { type: 'object', additionalProperties } }];
  }

  all(): Record<string, JsonSchema> {
    return Object.fromEntries(Object.entries(this.#named).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #convert(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const text = JSON.stringify(z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' }));
    const { $defs = {}, $schema: _, ...rest } = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonSchema;
    for (const [name, { id: _id, ...definition }] of Object.entries($defs as Record<string, JsonSchema>)) {
      const known = this.#named[name];
      if (known && JSON.stringify(known) !== JSON.stringify(definition)) {
        throw new Error(`Two schemas are called ${name}, or one has another shape in requests than in answers.`);
      }
      this.#named[name] = definition;
    }
    return rest;
  }
}
