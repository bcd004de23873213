/**
 * Who may import whom inside src/, lowest layer first, and which folder alone may import which package.
 * Changing this table is an architecture decision: write an ADR in docs/adr first.
 */
export const layers: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  support: ['contract'],
  domain: ['support', 'contract'],
  engine: ['support', 'contract'],
  rules: ['support', 'contract'],
  persistence: ['domain', 'support', 'contract'],
  policies: ['domain', 'support', 'contract'],
  queries: ['persistence', 'policies', 'domain', 'support', 'contract'],
  commands: ['queries', 'engine', 'rules', 'policies', 'persistence', 'domain', 'support', 'contract'],
  outbox: ['commands', 'queries', 'persistence', 'policies', 'domain', 'support', 'contract'],
  jobs: ['outbox', 'commands', 'queries', 'persistence', 'policies', 'domain', 'support', 'contract'],
  http: ['commands', 'queries', 'policies', 'persistence', 'domain', 'support', 'contract'],
  // for programs of others: of ours it may know the shapes of what is sent, as types
  client: ['contract'],
  // the pretended payment provider and carrier: reached over HTTP only, so it knows nothing of ours
  sandbox: ['support'],
  cli: ['commands', 'queries', 'policies', 'persistence', 'sandbox', 'domain', 'support', 'contract'],
};

/** Files at the top of src/: entry, composition and settings. They may import everything, and only `cli` may import them. */
export const topLevel = ['main.ts', 'compose.ts', 'config.ts', 'resources.ts'];

/** What lies outside of src/ and who may import it. */
export const outside = [
  { layer: 'persistence', path: '../migrations/' },
  { layer: 'http', path: '../package.json' },
];

/** Package (or prefix ending in /) -> the only folders that may import it. */
export const owners: Readonly<Record<string, readonly string[]>> = {
  'bpmn-engine': ['engine'],
  'bpmn-elements': ['engine'],
  'bpmn-moddle': ['engine'],
  'moddle-context-serializer': ['engine'],
  'zeebe-bpmn-moddle': ['engine'],
  feelin: ['rules'],
  'dmn-moddle': ['rules'],
  ajv: ['rules'],
  typeorm: ['persistence'],
  pg: ['persistence'],
  koa: ['http'],
  '@koa/router': ['http'],
  '@koa/bodyparser': ['http'],
  bullmq: ['jobs'],
  ioredis: ['jobs'],
};

/** Layers that also run in a browser: nothing of Node. */
export const browserSafe = ['engine', 'rules', 'contract', 'client'];

export const maxLines = 300;
