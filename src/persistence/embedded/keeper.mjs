// @ts-check
// Keeps one embedded PostgreSQL running for as long as any Orderflow process uses it, and no longer.
//
// Why a process of its own: the first service to start must be able to end (or be SIGKILLed) while a second one goes on with the same cluster,
// and PostgreSQL must not outlive the last of them. So the keeper is PostgreSQL's parent, in a session of its own (Ctrl-C in a terminal does not
// reach it), and every user of the cluster holds one open socket to it. The kernel closes that socket however the user ends, so there are no
// pid files to go stale, nothing to poll, and no lock of ours: who may start the cluster is decided by PostgreSQL's own lock on its data directory.
//
// Protocol: the keeper writes "ready\n" when the server accepts connections. A user leaves by ending its half; its socket is closed at once
// if others remain, else after PostgreSQL has stopped. The process that started the keeper is its first user, on file descriptor 3.
//
// Plain JavaScript, without imports beyond Node's own, since it is run by bare `node`: up in 40 ms and small.

import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import net from 'node:net';

/** @type {import('./keeper-client.ts').KeeperOrders} */
const { command, account, env, dataDir, socketDir, scrap } = JSON.parse(process.argv[2] ?? '');
const doorPath = `${socketDir}/keeper`;
const patienceMs = 10_000;

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => undefined);

/** @type {Set<net.Socket>} */
const users = new Set();
let ready = false;
let stopping = false;

const [file = '', ...args] = command;
// Standard output and error of the keeper are the cluster's log file.
const server = spawn(file, args, { ...account, env, cwd: dataDir, stdio: ['ignore', 'inherit', 'inherit'] });
server.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.once('exit', () => {
  for (const file of scrap) rmSync(file, { recursive: true, force: true });
  process.exit(stopping ? 0 : 1); // closes the sockets of all users, which tells them
});

const door = net.createServer({ allowHalfOpen: true }, admit);
admit(new net.Socket({ fd: 3, allowHalfOpen: true }));
const poll = setInterval(() => {
  if (!acceptsConnections()) return;
  clearInterval(poll);
  // PostgreSQL has the lock of the data directory, so a socket file that is still here belongs to nobody.
  rmSync(doorPath, { force: true });
  door.listen(doorPath, () => {
    ready = true;
    for (const user of users) greet(user);
  });
}, 10);

/** Lines of postmaster.pid: pid first, state eighth (PostgreSQL's pidfile.h; pg_ctl waits in the same way). */
function acceptsConnections() {
  try {
    const lines = readFileSync(`${dataDir}/postmaster.pid`, 'utf8').split('\n');
    return Number(lines[0]) === server.pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

/** @param {net.Socket} user */
function admit(user) {
  users.add(user);
  user.on('error', () => undefined); // 'close' follows
  user.once('end', () => leave(user));
  user.once('close', () => leave(user));
  user.resume();
  if (ready) greet(user);
}

/** @param {net.Socket} user */
function greet(user) {
  user.write('ready\n');
}

/** @param {net.Socket} user */
function leave(user) {
  if (!users.delete(user)) return;
  if (users.size > 0) user.destroy();
  else stop();
}

function stop() {
  stopping = true;
  clearInterval(poll);
  if (door.listening) door.close();
  server.kill(scrap.length > 0 ? 'SIGQUIT' : 'SIGINT'); // immediate shutdown of what nobody wants, else fast shutdown: sessions end, checkpoint, exit
  setTimeout(() => server.kill('SIGQUIT'), patienceMs).unref();
}
