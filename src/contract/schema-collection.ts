import { z } from 'zod';

/** A piece of JSON Schema 2020-12, or of an OpenAPI document. */
export type JsonSchema = Record<string, unknown>;

interface ObjectSchema {
  readonly properties?: Record<string, JsonSchema>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
}

/** Turns schemas into JSON Schema and keeps those that have a name once, as components. */
export class SchemaCollection {
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
