import { readdir, readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { diagramText, processesFolder } from './diagram.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly anyOf?: readonly Schema[];
}

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(new URL(path, processesFolder), 'utf8'));
const readVariables = async (processId: string): Promise<Schema> =>
  (await readJson(`${processId}.variables.schema.json`)) as Schema;

/** Members of a schema's objects, two levels down, as `sale.totalMinor`. */
const paths = (schema: Schema): Set<string> =>
  new Set(
    Object.entries(schema.properties ?? {}).flatMap(([name, { properties = {} }]) =>
      Object.keys(properties).map((member) => `${name}.${member}`),
    ),
  );

/** A schema without the words that do not restrict values. */
function restrictions({ type, enum: values, properties, additionalProperties }: Schema): Schema {
  const members =
    properties && Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, restrictions(member)]));
  return JSON.parse(JSON.stringify({ type, enum: values, properties: members, additionalProperties })) as Schema;
}

describe('processes: the schemas', () => {
  const processIds = ['quotation', 'sale', 'fulfilment', 'return'];
  const ajv = new Ajv2020({ strict: true, allErrors: true });

  for (const processId of processIds) {
    describe(`${processId}.variables.schema.json`, () => {
      it('declares every variable with a type, a description and a default that fits', async () => {
        const schema = await readVariables(processId);
        expect(schema.additionalProperties).to.equal(false);
        for (const [name, variable] of Object.entries(schema.properties ?? {})) {
          expect(variable.additionalProperties, name).to.equal(false);
          const defaults = Object.entries(variable.properties ?? {}).map(([member, leaf]) => {
            expect(leaf, `${name}.${member}`).to.include.keys('type', 'description', 'default');
            return [member, leaf.default];
          });
          expect(variable.default, name).to.deep.equal(Object.fromEntries(defaults));
        }
        const start = Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([name, variable]) => [name, variable.default]),
        );
        expect(ajv.validate(schema, start), ajv.errorsText()).to.equal(true);
      });

      it('declares every path that the diagram names', async () => {
        const variables = await readVariables(processId);
        const declared = paths(variables);
        const xml = await diagramText(processId);
        const expressions = [
          ...xml.matchAll(/(?:source|correlationKey|candidateGroups)="=([^"]*)"|tFormalExpression">=([^<]*)</g),
        ];
        const named = expressions.flatMap(([, a, b]) => [...(a ?? b ?? '').matchAll(/\b[a-z]\w*\.\w+/gi)].map(([path]) => path));
        const targets = [...xml.matchAll(/<zeebe:output [^>]*target="([^"]*)"/g)].map(([, target]) => String(target));
        const results = new Set([...xml.matchAll(/resultVariable="(\w+)"/g)].map(([, name]) => name));
        const known = (path: string) => declared.has(path) || variables.properties?.[path] !== undefined;
        const ofResult = (path: string) => results.has(path.slice(0, path.indexOf('.')));
        expect(named).to.not.have.lengthOf(0);
        expect([...named.filter((path) => !ofResult(path)), ...targets].filter((path) => !known(path))).to.deep.equal([]);
      });
    });
  }

  it('what a job gives is a declared variable, whole and of the declared type, or what its task maps', async () => {
    const processes = await Promise.all(processIds.map(async (id) => [await readVariables(id), await diagramText(id)] as const));
    for (const file of await readdir(new URL('jobs/', processesFolder))) {
      const { type, input, output } = (await readJson(`jobs/${file}`)) as { type: string; input: Schema; output: Schema };
      const users = processes.filter(([, xml]) => xml.includes(`type="${type}"`));
      expect(users, file).to.not.have.lengthOf(0);
      expect(ajv.validateSchema(input), file).to.equal(true);
      expect(ajv.validateSchema(output), file).to.equal(true);
      for (const [variables, xml] of users) {
        const mapped = new Set([...xml.matchAll(/<zeebe:output source="=([a-z]\w*)"/g)].map(([, source]) => source));
        const declared = paths(variables);
        // a job of several processes says what it takes of each
        const undeclared = (input.anyOf ?? [input]).map((each) => [...paths(each)].filter((path) => !declared.has(path)));
        expect(undeclared, file).to.deep.include([]);
        for (const [name, given] of Object.entries(output.properties ?? {})) {
          const variable = variables.properties?.[name];
          if (!variable && mapped.has(name)) continue;
          expect(restrictions(given), `${file}: ${name}`).to.deep.equal(restrictions(variable ?? {}));
          expect(given.required, `${file}: ${name}`).to.deep.equal(Object.keys(variable?.properties ?? {}));
        }
      }
    }
  });

  it('a form takes what its task needs and nothing else', async () => {
    const form = async (id: string) => ajv.compile((await readJson(`forms/${id}.schema.json`)) as object);
    const override = { id: 'o', kind: 'CREDIT', approverRole: 'credit_analyst', expiresAt: null };
    const samples: Readonly<Record<string, { good: object; bad: object }>> = {
      'quotation-edit': { good: {}, bad: { lines: [] } },
      'quotation-accept': { good: { customer: { answer: 'CHANGES' } }, bad: { customer: { answer: 'MAYBE' } } },
      'shortage-choice': { good: { choice: { answer: 'REDUCE' } }, bad: { choice: { answer: 'SUBSTITUTE' } } },
      'payment-method': { good: { method: 'DEPOSIT' }, bad: { method: 'CHEQUE' } },
      'override-decision': {
        good: { override: { ...override, status: 'APPROVED' } },
        bad: { override: { ...override, status: 'EXPIRED' } },
      },
      pick: { good: { lines: [{ lineNo: 1, picked: 0 }] }, bad: { lines: [{ lineNo: 1, picked: -1 }] } },
      pack: { good: {}, bad: { parcels: 1 } },
      'backorder-decision': { good: { backorder: { choice: 'KEEP' } }, bad: { backorder: { choice: 'WAIT' } } },
      'carrier-fix': { good: {}, bad: { address: 'elsewhere' } },
      'delivery-exception': { good: { exception: { resolution: 'LOST' } }, bad: { exception: { resolution: 'STOLEN' } } },
      'return-review': { good: { review: { accept: false } }, bad: { review: { accept: null } } },
      inspection: { good: { lines: [{ lineNo: 1, accepted: 1, good: 0 }] }, bad: { lines: [] } },
      'refund-approval': { good: {}, bad: { approve: true } },
      'manual-refund': { good: { manualReference: 'TRANSFER 7' }, bad: { manualReference: ' ' } },
    };
    const files = await readdir(new URL('forms/', processesFolder));
    expect(files.map((file) => file.replace('.schema.json', '')).sort()).to.deep.equal(Object.keys(samples).sort());
    for (const [id, { good, bad }] of Object.entries(samples)) {
      const check = await form(id);
      expect(check(good), id).to.equal(true);
      expect(check(bad), id).to.equal(false);
    }
  });
});
