import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { examplesByRule, lintMarkdown } from './lint-page.ts';
import { openApiDocument } from './openapi-document.ts';
import { problemsMarkdown } from './problems-page.ts';

// Writes what is generated under docs/; the tests compare it: node --import tsx src/http/write-documents.ts

const docs = new URL('../../docs/', import.meta.url);
await writeFile(new URL('openapi.json', docs), `${JSON.stringify(openApiDocument(), null, 2)}\n`);
await writeFile(new URL('problems.md', docs), problemsMarkdown());

const lint = new URL('lint/', docs);
await mkdir(new URL('examples/', lint), { recursive: true });
for (const [name, text] of lintMarkdown(examplesByRule(await readdir(new URL('examples/', lint)))))
  await writeFile(new URL(name, lint), text);
