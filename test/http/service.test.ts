import { expect } from 'chai';
import Koa from 'koa';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHttpServer } from '../../src/http/server.ts';
import { serve, withoutDatabase } from './client.ts';

describe('the service as others see it', () => {
  it('is live; ready only when every check holds; a check that hangs or breaks is none', async () => {
    const never = new Promise<never>(() => undefined);
    for (const [ready, status] of [
      [() => Promise.resolve([{ name: 'database', ok: true }]), 200],
      [
        () =>
          Promise.resolve([
            { name: 'database', ok: true },
            { name: 'queue', ok: false },
          ]),
        503,
      ],
      [() => Promise.reject(new Error('no database')), 503],
      [() => never, 503],
    ] as const) {
      const client = await serve(withoutDatabase, { health: { ready } });
      expect((await client.call('GET', '/health/live')).status).to.equal(200);
      const answer = await client.call('GET', '/health/ready');
      expect(answer.status).to.equal(status);
      expect(answer.headers.get('retry-after')).to.equal(status === 503 ? '1' : null);
      await client.close();
    }
  });

  it('introduces itself at /, with what to try and who to be', async () => {
    const client = await serve(withoutDatabase);
    const { text } = await client.call('GET', '/?utm=1');
    expect(text).to.contain('demo-warehouse').and.to.contain(`${client.url}/v1/quotations`);
    expect((await client.call('HEAD', '/')).status).to.equal(200);
    await client.close();
  });

  it('finishes what runs when it closes, and takes nothing new', async () => {
    const app = new Koa();
    app.use(async (ctx) => {
      await sleep(150);
      ctx.body = 'done';
    });
    const server = await startHttpServer(app, { host: '127.0.0.1', port: 0 });
    const running = fetch(server.url);
    await sleep(50);
    const closed = server.close();
    const answer = await running;
    expect([await answer.text(), answer.headers.get('connection')]).to.deep.equal(['done', 'close']);
    await closed;
    expect(await fetch(server.url).catch(() => 'refused')).to.equal('refused');
  });

  it('drops what does not end in time', async () => {
    const app = new Koa();
    app.use(() => new Promise<void>(() => undefined));
    const server = await startHttpServer(app, { host: '127.0.0.1', port: 0 });
    const running = fetch(server.url).catch(() => 'dropped');
    await sleep(50);
    await server.close(100);
    expect(await running).to.equal('dropped');
  });

  it('what is not HTTP does it no harm', async () => {
    const client = await serve(withoutDatabase);
    const { port } = new URL(client.url);
    const socket = net.connect(Number(port), '127.0.0.1', () => socket.end('nonsense\r\n\r\n'));
    const said = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    expect(said).to.match(/^HTTP\/1.1 400/);
    expect((await client.call('GET', '/health/live')).status).to.equal(200);
    await client.close();
  });
});
