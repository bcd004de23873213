import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Config } from '../config.ts';

/** Where the pretended payment provider and carrier can be reached. */
export interface FoundSandbox {
  readonly url: string;
}

const Note = z.object({ url: z.url() });
const Health = z.object({ addresses: z.array(z.string()) });

/** The sandbox that the service of this data folder has started, if it runs: src/sandbox/launch.ts leaves a note beside the data. */
export async function findOwnSandbox(config: Config): Promise<FoundSandbox | undefined> {
  const note = await readFile(path.join(path.dirname(config.dataDir), 'sandbox.json'), 'utf8').catch(() => '{}');
  const parsed = Note.safeParse(parse(note));
  return parsed.success && (await isSandbox(parsed.data.url)) ? { url: parsed.data.url } : undefined;
}

/** The sandbox that the service uses: the one of PROVIDERS_URL if that is a sandbox at all, else its own. */
export async function findSandbox(config: Config): Promise<FoundSandbox | undefined> {
  const { providersUrl } = config;
  if (providersUrl === undefined) return findOwnSandbox(config);
  return (await isSandbox(providersUrl)) ? { url: providersUrl } : undefined;
}

/** A real provider has no address at which one can tell it to misbehave. */
async function isSandbox(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) });
    return Health.parse(await answer.json()).addresses.includes('PUT /control');
  } catch {
    return false;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // half a note: it is being written at this moment
  }
}
