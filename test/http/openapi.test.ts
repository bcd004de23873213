import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { methods } from '../../src/contract/openapi.ts';
import { openApiDocument } from '../../src/http/openapi-document.ts';
import { problemsMarkdown } from '../../src/http/problems-page.ts';
import { createRouter } from '../../src/http/router.ts';
import { routesOf } from '../../src/http/openapi-document.ts';
import type { HttpOptions } from '../../src/http/options.ts';

const docs = new URL('../../docs/', import.meta.url);
const regenerate = 'run `node --import tsx src/http/write-documents.ts`';
type Operation = {
  operationId: string;
  parameters: { name?: string; in?: string; $ref?: string }[];
  responses: Record<string, unknown>;
};
const paths = openApiDocument()['paths'] as unknown as Record<string, Record<string, Operation>>;

describe('the OpenAPI document', () => {
  it('docs/openapi.json and docs/problems.md are what the code says', async () => {
    const stored: unknown = JSON.parse(await readFile(new URL('openapi.json', docs), 'utf8'));
    expect(stored, regenerate).to.deep.equal(JSON.parse(JSON.stringify(openApiDocument())));
    expect(await readFile(new URL('problems.md', docs), 'utf8'), regenerate).to.equal(problemsMarkdown());
  });

  it('every route is documented, and every documented path is routed', () => {
    const router = createRouter(routesOf({ movableClock: true }), {} as HttpOptions);
    const routed = router.stack.flatMap((layer) =>
      layer.methods
        .filter((method) => method !== 'HEAD')
        .map((method) => `${method} ${String(layer.path).replaceAll(/:(\w+)/g, '{$1}')}`),
    );
    const documented = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routed.sort()).to.deep.equal(documented.sort());
  });

  it('operation ids are unique, and path parameters are those of the path', () => {
    const operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    );
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const { path, method, operation } of operations) {
      expect(methods).to.include(method);
      const declared = operation.parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
      expect(declared, path).to.deep.equal([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
  });

  it('every reference resolves', () => {
    const document = JSON.parse(JSON.stringify(openApiDocument())) as unknown;
    const references = JSON.stringify(document).match(/"\$ref":"#[^"]+"/g) ?? [];
    expect(references.length).to.be.greaterThan(100);
    for (const reference of new Set(references)) {
      const steps = reference.slice('"$ref":"#/'.length, -1).split('/');
      const found = steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);
      expect(found, reference).to.be.an('object');
    }
  });

  it('the clock is served only where it can be moved', () => {
    const served = (movableClock: boolean): string[] => routesOf({ movableClock }).map((route) => route.path);
    expect(served(true)).to.include('/v1/clock');
    expect(served(false)).not.to.include('/v1/clock');
  });
});
