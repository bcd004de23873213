// Pushes events until it is killed. First argument: JSON of { target, answerMs, batch }. Says "pushing".
import { createEventPush } from '../../../src/outbox/event-push.ts';
import type { ConnectionTarget } from '../../../src/persistence/connection.ts';
import { openDatabase } from '../../../src/persistence/database.ts';
import { createLogger } from '../../../src/support/logger.ts';

export interface PushOrders {
  readonly target: ConnectionTarget;
  readonly answerMs: number;
  readonly batch: number;
}

const { target, ...settings } = JSON.parse(process.argv[2] ?? '') as PushOrders;
const database = await openDatabase(target, { poolSize: 2, applicationName: 'push' });
createEventPush(database, { ...settings, publicUrl: 'https://orders.example', sweepMs: 20 }, createLogger('silent')).start();
console.log('pushing');
