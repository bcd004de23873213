import { expect } from 'chai';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/persistence/embedded-postgres.ts';
import { isReachable, serverAccount } from '../../src/persistence/embedded/account.ts';
import { findBinaries, packageRoot } from '../../src/persistence/embedded/binaries.ts';
import { initialise, socketDirOf } from '../../src/persistence/embedded/cluster.ts';
import { notRunHere } from '../helpers/not-run.ts';
import { startProgram, type Program, type ProgramSettings } from '../helpers/programs.ts';
import { failure, until } from '../helpers/promises.ts';

const run = promisify(execFile);
const holdCluster = path.resolve(import.meta.dirname, 'programs/hold-cluster.ts');
const isRoot = process.getuid?.() === 0;
const hasProc = existsSync('/proc/self/stat');

describe('Embedded PostgreSQL', () => {
  let directory: string;
  let dataDir: string;
  const holders: EmbeddedPostgres[] = [];
  const programs: Program[] = [];

  /** A cluster that has been started and stopped once, for tests that are not about the first start. */
  let prepared: string;

  before(async () => {
    prepared = path.join(await fs.mkdtemp('/tmp/orderflow-prepared-'), 'postgres');
    await fs.chmod(path.dirname(prepared), 0o755);
    await (await startEmbeddedPostgres({ dataDir: prepared })).stop();
  });

  after(async () => {
    await fs.rm(path.dirname(prepared), { recursive: true });
    await fs.rm(socketDirOf(prepared), { recursive: true, force: true });
  });

  const copyPrepared = (): Promise<unknown> => run('cp', ['-a', prepared, dataDir]);

  beforeEach(async () => {
    directory = await fs.mkdtemp('/tmp/orderflow-embedded-');
    await fs.chmod(directory, 0o755);
    dataDir = path.join(directory, 'postgres');
  });

  afterEach(async () => {
    await Promise.all(holders.splice(0).map((holder) => holder.stop()));
    await Promise.all(programs.splice(0).map((program) => program.end('SIGKILL')));
    await until(() => !existsSync(path.join(dataDir, 'postmaster.pid')));
    await fs.rm(socketDirOf(dataDir), { recursive: true, force: true });
    await fs.rm(directory, { recursive: true });
  });

  async function start(): Promise<EmbeddedPostgres> {
    const holder = await startEmbeddedPostgres({ dataDir });
    holders.push(holder);
    return holder;
  }

  async function program(settings: ProgramSettings = {}): Promise<Program> {
    const started = startProgram(holdCluster, [dataDir], settings);
    programs.push(started);
    expect(await started.said()).to.equal('starting');
    return started;
  }

  const serverPid = (): number => Number(readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const isRunning = (): boolean => existsSync(path.join(dataDir, 'postmaster.pid'));

  async function connect(holder: EmbeddedPostgres): Promise<Client> {
    const client = new Client({ ...holder.connection, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async function answers(holder: EmbeddedPostgres): Promise<boolean> {
    try {
      const client = await connect(holder);
      await client.query('select 1');
      await client.end();
      return true;
    } catch {
      return false;
    }
  }

  it('keeps its data from one start to the next, and stops when it is no longer used', async () => {
    const first = await start();
    expect(first.owned).to.equal(true);
    await first.ensureDatabase('kept');
    await first.ensureDatabase('kept');
    await first.stop();
    expect(isRunning()).to.equal(false);
    const client = await connect(await start());
    const { rows } = await client.query(`select datname from pg_database where datname = 'kept'`);
    expect(rows).to.have.length(1);
    await client.end();
  });

  it('is shared: whoever stops first takes nothing from the other', async () => {
    await copyPrepared();
    const owner = await program();
    expect(await owner.said()).to.equal('started');
    const joiner = await start();
    expect(joiner.owned).to.equal(false);
    const client = await connect(joiner);
    expect(await owner.end('SIGINT')).to.equal(0);
    await client.query('select 1');
    await client.end();
    await joiner.stop();
    expect(isRunning()).to.equal(false);
  });

  it('goes on when the process that started it is SIGKILLed, and ends with the last one', async () => {
    await copyPrepared();
    const owner = await program();
    expect(await owner.said()).to.equal('started');
    const joiner = await program();
    expect(await joiner.said()).to.equal('joined');
    const pid = serverPid();
    await owner.end('SIGKILL');
    const client = await connect(await start());
    await client.query('select 1');
    await client.end();
    expect(serverPid()).to.equal(pid);
    await holders.pop()?.stop();
    await joiner.end('SIGKILL');
    await until(() => !isRunning());
  });

  it('is made once by processes that start at the same time', async () => {
    const all = await Promise.all([start(), start(), start()]);
    expect(all.filter((holder) => holder.owned)).to.have.length(1);
    await Promise.all(all.map((holder) => holder.ensureDatabase('one')));
  });

  for (const afterMs of [10, 200, 500, 900]) {
    it(`starts again after a SIGKILL ${afterMs} ms into the first boot`, async () => {
      const first = await program();
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await first.end('SIGKILL');
      expect(await answers(await start())).to.equal(true);
      const left = (await fs.readdir(directory)).filter((name) => name.includes('.part-'));
      expect(left).to.deep.equal([]);
    });
  }

  it('is started again when the server crashes, or its keeper', async function () {
    if (!hasProc) {
      notRunHere('this system has no /proc: crashes of the embedded PostgreSQL were not tried');
      this.skip();
    }
    await copyPrepared();
    const holder = await start();
    const first = serverPid();
    process.kill(first, 'SIGKILL');
    await until(async () => (await answers(holder)) && serverPid() !== first);
    const second = serverPid();
    const keeper = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${second}/status`, 'utf8'))?.[1]);
    process.kill(keeper, 'SIGKILL');
    await until(async () => (await answers(holder)) && serverPid() !== second);
  });

  for (const kind of ['another program', 'a zombie']) {
    it(`is not misled by a postmaster.pid that names ${kind}`, async function () {
      if (!hasProc) {
        notRunHere('this system has no /proc: crashes of the embedded PostgreSQL were not tried');
        this.skip();
      }
      await copyPrepared();
      const { uid, gid } = await fs.stat(dataDir);
      const other = spawn('sh', ['-c', kind === 'a zombie' ? 'true & echo $!; exec sleep 60' : 'echo $$; exec sleep 60'], {
        uid,
        gid,
      });
      const [pid] = (await once(other.stdout, 'data')) as [Buffer];
      await fs.writeFile(
        path.join(dataDir, 'postmaster.pid'),
        `${pid.toString().trim()}\n${dataDir}\n1700000000\n5432\n/nowhere\n\n  1 1\nready   \n`,
        { mode: 0o600 },
      );
      await fs.chown(path.join(dataDir, 'postmaster.pid'), uid, gid);
      expect(await answers(await start())).to.equal(true);
      other.kill();
    });
  }

  it('refuses a directory that holds something else, and leaves it alone', async () => {
    await fs.mkdir(dataDir);
    await fs.writeFile(path.join(dataDir, 'thesis.txt'), 'not yours');
    expect((await failure(start())).message).to.contain('holds something else (thesis.txt)');
    expect(await fs.readdir(dataDir)).to.deep.equal(['thesis.txt']);
  });

  it('refuses a socket directory that somebody else has put in its place', async function () {
    if (!isRoot) {
      notRunHere('not root: what the embedded PostgreSQL does for root was not tried');
      this.skip();
    }
    await copyPrepared();
    const holder = await start();
    const { host: socketDir } = holder.connection as { host: string };
    await holder.stop();
    await fs.chown(socketDir, 12_345, 12_345);
    expect((await failure(start())).message).to.contain('belongs to another account');
    await fs.rm(socketDir, { recursive: true });
  });

  it('deletes itself when it is ephemeral', async () => {
    const holder = await startEmbeddedPostgres({ dataDir, ephemeral: true });
    expect(await answers(holder)).to.equal(true);
    await holder.stop();
    expect(existsSync(dataDir)).to.equal(false);
  });

  it('runs for an ordinary user, and tells another one why not', async function () {
    const nobody = isRoot ? await fs.stat('/').then(() => serverAccountNamed('nobody')) : undefined;
    if (!nobody || !(await isReachable(holdCluster))) {
      if (isRoot) notRunHere('start as an ordinary user: this checkout cannot be read by one');
      this.skip();
    }
    await fs.chown(directory, nobody.uid, nobody.gid);
    const user = await program({ ...nobody, env: { HOME: directory } });
    expect(await user.said()).to.equal('started');
    expect((await fs.stat(dataDir)).uid).to.equal(nobody.uid);
    expect((await start()).owned).to.equal(false); // root joins it, as root may
    await user.end('SIGINT');
    await holders.pop()?.stop();
    const daemon = await program({ uid: 1, gid: 1, env: { HOME: directory } });
    expect((await failure(daemon.said())).message).to.contain(`belongs to another account (uid ${nobody.uid})`);
  });

  it('as root in a checkout that others cannot enter: data and programs lie where its account reaches them', async function () {
    if (!isRoot) {
      notRunHere('not root: what the embedded PostgreSQL does for root was not tried');
      this.skip();
    }
    await fs.chmod(directory, 0o700);
    const holder = await start();
    expect(holder.dataDir).to.match(/^\/var\/lib\/orderflow\/[0-9a-f]{12}$/);
    expect(await answers(holder)).to.equal(true);
    await holder.stop();
    for (const left of [holder.dataDir, `${holder.dataDir}.log`, socketDirOf(holder.dataDir)])
      await fs.rm(left, { recursive: true });
    await fs.rmdir(path.dirname(holder.dataDir)).catch(() => undefined); // if it was ours alone

    const checkout = path.join(directory, 'node_modules/platform');
    await fs.cp(path.dirname(await packageRoot()), checkout, { recursive: true, verbatimSymlinks: true });
    for (const name of await fs.readdir(path.join(checkout, 'native/lib'))) {
      const library = path.join(checkout, 'native/lib', name);
      if ((await fs.lstat(library)).isSymbolicLink()) await fs.rm(library); // as npm leaves them when install scripts are off
    }
    const shared = await fs.mkdtemp('/var/tmp/orderflow-shared-');
    await fs.chmod(shared, 0o755);
    const account = await serverAccount(path.join(shared, 'data'));
    const binaries = await findBinaries(path.join(checkout, 'native'), account, path.join(shared, 'programs'), shared);
    expect(binaries.postgres).to.match(/^\/var\/tmp\/orderflow-shared-/);
    await initialise(path.join(shared, 'data'), account, binaries, false);
    expect(existsSync(path.join(shared, 'data/PG_VERSION'))).to.equal(true);
    await fs.rm(shared, { recursive: true });
  });
});

async function serverAccountNamed(name: string): Promise<{ uid: number; gid: number } | undefined> {
  const line = (await fs.readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}
