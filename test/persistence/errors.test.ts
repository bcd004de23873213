import { expect } from 'chai';
import net from 'node:net';
import { openDatabase } from '../../src/persistence/database.ts';
import { isTransient, sqlState } from '../../src/persistence/errors.ts';
import { failure } from '../helpers/promises.ts';

const serverError = (code: string): Error => Object.assign(new Error('from the server'), { code, severity: 'ERROR' });

describe('Database errors', () => {
  for (const code of ['08006', '40001', '40P01', '55P03', '57P01', '57P02', '57P03', '53300']) {
    it(`${code} is worth another try`, () => expect(isTransient(serverError(code))).to.equal(true));
  }
  for (const code of ['23505', '23514', '42601', '57014', '53100', '22P02']) {
    it(`${code} is not`, () => expect(isTransient(serverError(code))).to.equal(false));
  }

  it('a pool without a free connection is worth another try', () => {
    expect(isTransient(new Error('timeout exceeded when trying to connect'))).to.equal(true);
  });

  it('a server that is not there is worth another try', async () => {
    const free = net.createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => free.once('listening', listening));
    const { port } = free.address() as net.AddressInfo;
    await new Promise((closed) => free.close(closed));
    const target = { host: '127.0.0.1', port, user: 'nobody', database: 'nothing' };
    expect(isTransient(await failure(openDatabase(target, { poolSize: 1, applicationName: 'test' })))).to.equal(true);
    const socket = { ...target, host: '/tmp/no-such-directory' };
    expect(isTransient(await failure(openDatabase(socket, { poolSize: 1, applicationName: 'test' })))).to.equal(true);
  });

  it("Node's codes are not SQLSTATEs, and a missing file is not a missing server", () => {
    expect(sqlState(Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' }))).to.equal(undefined);
    expect(isTransient(Object.assign(new Error('no file'), { code: 'ENOENT', syscall: 'open' }))).to.equal(false);
    expect(isTransient('a text')).to.equal(false);
  });
});
