import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Koa from 'koa';

export interface HttpServer {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** Takes no new requests, finishes those that run, and drops what is left after `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

/** Serves the application on `host`. Port 0 takes any free one. @throws when the port is taken */
export async function startHttpServer<State>(
  app: Koa<State>,
  { host, port }: { host: string; port: number },
): Promise<HttpServer> {
  const answer = app.callback();
  const running = new Set<ServerResponse>();
  let isClosing = false;
  const server = createServer(
    {
      headersTimeout: 10_000, // slow headers are an attack, not a modem
      requestTimeout: 30_000,
      keepAliveTimeout: 65_000, // longer than the idle time of the usual load balancers, so that they are the ones to hang up
      connectionsCheckingInterval: 5_000,
    },
    (request, response) => {
      running.add(response);
      response.once('close', () => running.delete(response));
      if (isClosing) response.setHeader('Connection', 'close');
      void answer(request, response);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    host,
    port: taken,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    close: async (graceMs = 10_000) => {
      isClosing = true;
      // a connection that is kept alive would outlive its last answer
      for (const response of running) if (!response.headersSent) response.setHeader('Connection', 'close');
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      const patience = setTimeout(() => server.closeAllConnections(), graceMs);
      // a connection that was opened and never asked anything counts as busy to node; nobody waits for it
      while (running.size > 0) await Promise.all([...running].map((response) => once(response, 'close')));
      server.closeAllConnections();
      await closed;
      clearTimeout(patience);
    },
  };
}
