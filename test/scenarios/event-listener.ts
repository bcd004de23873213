import { expect } from 'chai';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Stage } from './stage.ts';

interface Event {
  readonly id: string;
  readonly subject: string;
  readonly sequence: string;
  readonly position: string;
}

/** A system beside ours that is told of events, and may be slow to answer. */
export interface EventListener {
  register(stage: Stage): Promise<void>;
  /** Takes batches and does not answer. */
  keepSilent(): void;
  answer(): void;
  /** Batches that have come. */
  batches(): number;
  /** Until every event has come at least once; those of one aggregate have to come in order. */
  expectAll(stage: Stage): Promise<void>;
  close(): Promise<void>;
}

export async function listenForEvents(): Promise<EventListener> {
  let isSilent = false;
  const batches: Event[][] = [];
  const server = createServer((request, response) => {
    const take = async (): Promise<void> => {
      batches.push(JSON.parse(await text(request)) as Event[]);
      if (!isSilent) response.writeHead(204).end();
    };
    take().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** Counts from one for each subject; what comes again was there before. */
  function expectOrder(): void {
    const last = new Map<string, number>();
    for (const { subject, sequence } of batches.flat()) {
      const before = last.get(subject) ?? 0;
      expect(Number(sequence), `event of ${subject}`).to.be.at.most(before + 1);
      last.set(subject, Math.max(before, Number(sequence)));
    }
  }

  return {
    register: async (stage) => {
      await stage.as('operator').post('/v1/event-consumers', { name: 'erp', url });
    },
    keepSilent: () => void (isSilent = true),
    answer: () => void (isSilent = false),
    batches: () => batches.length,
    expectAll: async (stage) => {
      const isEverythingHere = async (): Promise<true | undefined> => {
        const all = await stage.service.database.query<{ id: string }>('select id from orderflow.event');
        const here = new Set(batches.flat().map(({ id }) => id));
        return all.every(({ id }) => here.has(id)) ? true : undefined;
      };
      await stage.until('every event has come', isEverythingHere);
      expectOrder();
      const ids = batches.flat().map(({ id }) => id);
      expect(ids.length, 'the batch whose answer was lost came again').to.be.greaterThan(new Set(ids).size);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
