import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { elementTemplates, templatesFile } from './element-templates.ts';

// Writes the templates that Camunda Modeler offers; a test compares them: node --import tsx test/processes/write-element-templates.ts

const filepath = fileURLToPath(templatesFile);
const text = await format(JSON.stringify(await elementTemplates()), { ...(await resolveConfig(filepath)), filepath });
await mkdir(new URL('.', templatesFile), { recursive: true });
await writeFile(templatesFile, text);
