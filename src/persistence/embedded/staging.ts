import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import path from 'node:path';

// Directories that take seconds to fill are made aside and renamed, so that a kill leaves nothing half made in the final place, and starts that
// race make one each, of which the first one wins.

/** Tells us from an earlier process with the same id, which in a container is the rule. */
const thisProcess = `${process.pid}-${randomUUID().slice(0, 8)}`;
let made = 0;

/** A name beside `final` for one attempt of this process. */
export const stagingFor = (final: string): string => `${final}.part-${thisProcess}-${++made}`;

/** Moves `staging` to `final`; when another process was first, drops ours and keeps theirs. */
export async function renameUnlessThere(staging: string, final: string): Promise<void> {
  try {
    await fs.rename(staging, final);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await fs.rm(staging, { recursive: true, force: true });
  }
}

// A program that the dead process had started may still be writing there for a moment.
const gone = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 };

/** Deletes what processes that are gone have left beside `final`. */
export async function removeLeftovers(final: string): Promise<void> {
  const directory = path.dirname(final);
  const attempt = /^(\d+)-[0-9a-f]+-\d+$/;
  for (const name of await fs.readdir(directory)) {
    const [, owner = ''] = name.split(`${path.basename(final)}.part-`);
    const [, pid] = attempt.exec(owner) ?? [];
    if (pid === undefined || owner.startsWith(thisProcess)) continue;
    if (Number(pid) === process.pid || !isAlive(Number(pid))) await fs.rm(path.join(directory, name), gone);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
