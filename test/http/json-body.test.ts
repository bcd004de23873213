import { expect } from 'chai';
import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { serve, withoutDatabase, type Client } from './client.ts';

describe('JSON bodies at the border', () => {
  let client: Client;
  before(async () => {
    client = await serve(withoutDatabase);
  });
  after(() => client.close());
  const post = (raw: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    client.call('POST', '/v1/clock', { as: 'operator', raw, headers });
  /** Read and refused by its schema: it has passed the border. */
  const passed = [422, 'validation-failed'];

  it('only JSON in UTF-8', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/vnd.api+json',
      'application/json; charset=latin1',
    ]) {
      const { status, body } = await post('{}', { 'Content-Type': type });
      expect([status, body['code']], type).to.deep.equal([415, 'unsupported-media-type']);
    }
    const { status, body } = await post('{}', { 'Content-Type': 'application/json; charset=UTF-8' });
    expect([status, body['code']]).to.deep.equal(passed);
  });

  it('what is no JSON is 400', async () => {
    for (const raw of ['{', '{"a": 1,}', 'null', '"text"', '\u0000']) {
      const { status, body } = await post(raw);
      expect([status, body['code']], raw).to.deep.equal([400, 'malformed-request']);
    }
  });

  it('at most 256 kB, counted after decompression (X13)', async () => {
    const limit = 256 * 1024;
    const bodyOf = (length: number): string => JSON.stringify({ x: 'x'.repeat(length - 8) });
    const atLimit = await post(bodyOf(limit));
    expect([atLimit.status, atLimit.body['code']]).to.deep.equal(passed);
    const bomb = new Uint8Array(gzipSync(bodyOf(20_000_000)));
    for (const [raw, headers] of [
      [bodyOf(limit + 1), {}],
      [bomb, { 'Content-Encoding': 'gzip' }],
    ] as const) {
      const { status, body } = await post(raw, headers);
      expect([status, body['code']]).to.deep.equal([413, 'payload-too-large']);
    }
    const small = await post(new Uint8Array(gzipSync('{"forwardMs": "x"}')), { 'Content-Encoding': 'gzip' });
    expect([small.status, small.body['code']]).to.deep.equal(passed);
    const unknown = await post('{}', { 'Content-Encoding': 'compress' });
    expect([unknown.status, unknown.body['code']]).to.deep.equal([415, 'unsupported-media-type']);
  });

  it('D11: what PostgreSQL could never store is 400 and names the place', async () => {
    const deep = `${'{"d":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    for (const [raw, place] of [
      ['{"note": "a\\u0000b"}', '/note'],
      ['{"lines": [{"sku": "\\ud800"}]}', '/lines/0/sku'],
      ['{"a\\u0000": 1}', '/a\u0000'],
      ['{"n": 1e400}', '/n'],
      ['{"x": {"constructor": {"isAdmin": true}}}', '/x/constructor'],
      [deep, '/d/d'],
    ] as const) {
      const { status, body } = await post(raw);
      expect([status, body['code']], raw.slice(0, 40)).to.deep.equal([400, 'malformed-request']);
      expect((body['errors'] as { pointer: string }[])[0]?.pointer.startsWith(place), raw.slice(0, 40)).to.equal(true);
    }
    expect((await post('{"x": {"__proto__": {"isAdmin": true}}}')).status).to.equal(400);
  });

  it('D11: over all of Unicode, exactly the text that can be stored passes', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    );
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const { status } = await post(JSON.stringify({ value }));
        expect(status).to.equal(value.includes('\u0000') || !value.isWellFormed() ? 400 : 422);
      }),
      { numRuns: 200 },
    );
  });
});
