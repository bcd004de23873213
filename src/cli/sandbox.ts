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

/**
 * The sandbox that the service uses, if it runs: the one of PROVIDERS_URL, if that is a sandbox at all, else the one that a service with these settings has
 * started; src/sandbox/launch.ts leaves a note beside the data.
 */
export async function findSandbox({ providersUrl, dataDir }: Config): Promise<FoundSandbox | undefined> {
  const url = providersUrl ?? (await notedUrl(path.join(dataDir, 'sandbox.json')));
  return url !== undefined && (await isSandbox(url)) ? { url } : undefined;
}

async function notedUrl(file: string): Promise<string | undefined> {
  const note = Note.safeParse(parse(await readFile(file, 'utf8').catch(() => '{}')));
  return note.success ? note.data.url : undefined;
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
