import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Resources } from './commands/definitions.ts';
import { decodeText } from './support/decode-text.ts';
import { messageOf } from './support/errors.ts';

/** The folder of diagrams, tables and schemas that come with the service. */
export const processesFolder = path.resolve(import.meta.dirname, '../processes');

/** Reads every file of a folder that can be deployed, by its path inside. */
export async function readResources(folder: string): Promise<Resources> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(bpmn|dmn|schema\.json)$/.test(name)).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await readResource(path.join(folder, name))] as const)));
}

/** The text of one file. @throws Error when it is not in the encoding that it should be in */
export async function readResource(file: string): Promise<string> {
  const bytes = await readFile(file);
  try {
    return decodeText(bytes);
  } catch (error) {
    throw new Error(`${file} ${messageOf(error)}.`, { cause: error });
  }
}
