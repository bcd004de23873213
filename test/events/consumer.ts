import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PublishedEvent } from '../../src/queries/event.ts';

export interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly events: readonly PublishedEvent[];
}

/** Somebody who is told of events. `answer` says what it answers to a delivery: a status, or nothing at all. */
export async function startConsumer(answer: (delivery: Delivery, count: number) => number | undefined = () => 204) {
  const deliveries: Delivery[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const delivery = { headers: request.headers, body, events: JSON.parse(body) as PublishedEvent[] };
      deliveries.push(delivery);
      const status = answer(delivery, deliveries.length);
      if (status !== undefined) response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    deliveries,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
