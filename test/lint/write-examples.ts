import { mkdir, rm, writeFile } from 'node:fs/promises';
import { context, examples } from './examples.ts';

// Writes docs/lint/examples; the tests compare it: node --import tsx test/lint/write-examples.ts

const folder = new URL('../../docs/lint/examples/', import.meta.url);
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const kept = Object.values(examples).filter((example) => example.kept !== false);
for (const files of [context, ...kept.map((example) => example.files)])
  for (const [name, content] of Object.entries(files)) await writeFile(new URL(name, folder), content);
