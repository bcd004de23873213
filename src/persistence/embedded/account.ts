import { readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';

/** A system account by its numbers. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Whom PostgreSQL runs as. It refuses to run as root, so root gives it to the owner of the data if there is one, else to the account `postgres`
 * or `nobody` of the machine; no account is ever made. An ordinary user runs it as themselves: undefined.
 */
export async function serverAccount(dataDir: string): Promise<Account | undefined> {
  const us = process.getuid?.();
  const data = await fs.stat(dataDir).catch(() => undefined);
  if (us !== 0) {
    if (data && us !== undefined && data.uid !== us) {
      throw new Error(
        `The data directory ${dataDir} belongs to another account (uid ${data.uid}). Start Orderflow as that account, or set ORDERFLOW_DATA_DIR.`,
      );
    }
    return undefined;
  }
  if (data && data.uid !== 0) return { uid: data.uid, gid: data.gid };
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = accounts.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither an account "postgres" nor "nobody" for it. Start Orderflow as an ordinary user.',
  );
}

/** Can everybody reach `file` through the directories above it? Those that do not exist yet are ours to make. */
export async function isReachable(file: string): Promise<boolean> {
  for (let directory = path.dirname(file); ; directory = path.dirname(directory)) {
    const stat = await fs.stat(directory).catch(() => undefined);
    if (stat && (stat.mode & 0o001) === 0) return false;
    if (directory === path.dirname(directory)) return true;
  }
}

/** Makes `directory` and those above it; ones made now can be passed through by everybody, whatever the umask is. */
export async function makeReachable(directory: string): Promise<void> {
  const first = await fs.mkdir(directory, { recursive: true });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = path.dirname(made)) await fs.chmod(made, 0o755);
}

/** Makes a directory for one account alone, or takes the one that is there. Refuses one that somebody else has put in its place. */
export async function makePrivate(directory: string, account: Account | undefined): Promise<void> {
  await fs.mkdir(directory, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const stat = await fs.lstat(directory);
  const mine = [process.getuid?.(), account?.uid].includes(stat.uid);
  if (!stat.isDirectory() || !mine)
    throw new Error(`${directory} belongs to another account (uid ${stat.uid}). Remove it, then start again.`);
  await fs.chmod(directory, 0o700);
  if (account) await fs.chown(directory, account.uid, account.gid);
}
