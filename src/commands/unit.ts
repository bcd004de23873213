import type { Wait } from '../engine/types.ts';
import type { Actor } from '../policies/actor.ts';
import type { Database } from '../persistence/database.ts';
import type { Transaction } from '../persistence/transaction.ts';
import type { JsonObject } from '../support/json.ts';
import type { Logger } from '../support/logger.ts';
import type { Definitions } from './definitions.ts';

/** What every command needs; made once in compose.ts. */
export interface Deps {
  readonly database: Database;
  readonly definitions: Definitions;
  readonly logger: Logger;
}

/** One wish to change something. The same actor, key and payload get the same answer, however often they ask. */
export interface Request {
  /** What is done, e.g. `create a quotation`; part of the fingerprint. */
  readonly name: string;
  readonly actor: Actor;
  /** `Idempotency-Key`, unique per actor. */
  readonly key: string;
  /** Everything else that the answer depends on. */
  readonly payload: JsonObject;
  readonly traceparent?: string;
  /** Id or number of what it changes, when many may want that at once: they go one after the other, so that they do not take all connections. */
  readonly about?: string;
  /** Do it, answer, and take it all back. */
  readonly dryRun?: boolean;
}

/** What a command answers; stored with its key and committed together with what it did. */
export interface Answer {
  /** HTTP status, 200 or 201. */
  readonly status: number;
  readonly body: JsonObject;
  /** `ETag`, `Location`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Performed extends Answer {
  /** True when this is the stored answer of an earlier request. */
  readonly replayed: boolean;
}

/** What a command works with: one transaction, who acts, at which instant (of the database's clock). */
export interface Unit {
  readonly tx: Transaction;
  readonly deps: Deps;
  readonly actor: Actor;
  /** The stored command that this belongs to; null for what leaves no answer behind. */
  readonly commandId: string | null;
  readonly traceparent: string | null;
  readonly now: Date;
  /** The steps taken so far, for a dry run's preview. */
  readonly steps: StepOutcome[];
}

/** What one step did, as far as answers, previews and worker wake-ups need it. */
export interface StepOutcome {
  readonly instanceId: string;
  readonly revision: number;
  readonly status: 'running' | 'completed' | 'cancelled' | 'failed';
  /** Ids of the elements that were entered, in order. */
  readonly path: readonly string[];
  /** Slots that were closed. */
  readonly closed: readonly string[];
  readonly opened: readonly OpenedWait[];
}

export interface OpenedWait extends Wait {
  /** Id of the wait's row. */
  readonly id: string;
  /** Of a timer that follows a calendar: how much of its working time has to pass. */
  readonly workingTime?: { readonly calendarId: string; readonly ms: number };
}
