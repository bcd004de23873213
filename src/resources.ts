import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Resources } from './commands/definitions.ts';

/** The folder of diagrams, tables and schemas that come with the service. */
export const processesFolder = path.resolve(import.meta.dirname, '../processes');

/** Reads every file of a folder that can be deployed, by its path inside. */
export async function readResources(folder: string): Promise<Resources> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(bpmn|dmn|schema\.json)$/.test(name)).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')] as const)));
}
