import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../src/support/json.ts';
import { messageOf } from '../../src/support/errors.ts';
import type { Random } from './random.ts';

/** A command and the first answer that came back. It was promised to us: from now on it has to stay true. */
export interface Acknowledged {
  readonly person: string;
  readonly key: string;
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  /** JSON as it was sent. */
  readonly sent: string;
  readonly status: number;
  /** The answer's body, byte for byte. */
  readonly text: string;
}

type Command = Omit<Acknowledged, 'status' | 'text'>;

/** The people's way to the service: any api process, patience, and a ledger of what was promised to them. */
export interface Client {
  get(person: string, path: string): Promise<JsonObject>;
  /** A command, now and then sent several times at once under its one key; repeated until it is answered. @throws Refused */
  send(person: string, method: 'POST' | 'PUT', path: string, body?: object): Promise<JsonObject>;
  /** Two people do the same at once, each under a key of their own: exactly one of them may succeed. */
  compete(person: string, path: string, body?: object): Promise<JsonObject>;
  /** A command again, exactly as it was. */
  repeat(command: Acknowledged): Promise<Answer>;
  /** Every acknowledged command, oldest first. */
  readonly ledger: readonly Acknowledged[];
  /** Answers that must never be given. */
  readonly faults: readonly string[];
  readonly figures: ClientFigures;
}

export interface ClientFigures {
  /** Requests without an answer: the connection was refused, lost, or silent. */
  lost: number;
  /** Requests that were asked to come back (503, 409 in-flight). */
  busy: number;
  /** Further copies of a command that were sent together with it. */
  copies: number;
  /** Tasks that two people wanted to complete at once. */
  races: number;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly replayed: boolean;
}

/** The service understood the request and did not do it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: unknown;

  constructor(what: string, { status, text }: Answer) {
    super(`${what}: ${status} ${text}`);
    this.code = parse(text)['code'];
  }
}

const answerMs = 12_000;

/** @param signal ends all waiting */
export function createClient(urls: readonly string[], random: Random, signal: AbortSignal): Client {
  const ledger: Acknowledged[] = [];
  const faults: string[] = [];
  const figures: ClientFigures = { lost: 0, busy: 0, copies: 0, races: 0 };

  /** Asks one process after the other until somebody answers. */
  async function settle(method: string, path: string, person: string, command?: Command): Promise<Answer> {
    const headers = {
      authorization: `Bearer demo-${person}`,
      ...(command && { 'content-type': 'application/json', 'idempotency-key': command.key }),
    };
    for (;;) {
      signal.throwIfAborted();
      try {
        const response = await fetch(random.pick(urls) + path, {
          method,
          headers,
          ...(command && { body: command.sent }),
          signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
        });
        const text = await response.text();
        const { status } = response;
        if (status < 500 && parse(text)['code'] !== 'in-flight')
          return { status, text, replayed: response.headers.get('idempotency-replayed') === 'true' };
        figures.busy++;
        if (status !== 503 && status !== 409) faults.push(`${method} ${path}: ${status} ${text}`);
      } catch (error) {
        signal.throwIfAborted();
        figures.lost++;
        if (!isConnectionLoss(error)) faults.push(`${method} ${path}: ${messageOf(error)}`);
      }
      await sleep(random.between(50, 300), undefined, { signal });
    }
  }

  const perform = (command: Command): Promise<Answer> => settle(command.method, command.path, command.person, command);
  const makeCommand = (person: string, method: 'POST' | 'PUT', path: string, body: object = {}): Command => ({
    person,
    key: randomUUID(),
    method,
    path,
    sent: JSON.stringify(body),
  });

  function accept(command: Command, answer: Answer): JsonObject {
    if (answer.status >= 400) throw new Refused(`${command.method} ${command.path} by ${command.person}`, answer);
    ledger.push({ ...command, status: answer.status, text: answer.text });
    return parse(answer.text);
  }

  return {
    ledger,
    faults,
    figures,
    repeat: perform,
    get: async (person, path) => {
      const answer = await settle('GET', path, person);
      if (answer.status >= 400) throw new Refused(`GET ${path}`, answer);
      return parse(answer.text);
    },
    send: async (person, method, path, body) => {
      const command = makeCommand(person, method, path, body);
      const copies = random.chance(30) ? random.between(1, 2) : 0;
      figures.copies += copies;
      const [first, ...others] = await Promise.all([perform(command), ...Array.from({ length: copies }, () => perform(command))]);
      for (const other of others) {
        if (other.status !== first.status || other.text !== first.text)
          faults.push(
            `${method} ${path} was answered in two ways: ${first.status} ${first.text} | ${other.status} ${other.text}`,
          );
      }
      return accept(command, first);
    },
    compete: async (person, path, body) => {
      const rivals = [makeCommand(person, 'POST', path, body), makeCommand(person, 'POST', path, body)] as const;
      figures.races++;
      const answers = await Promise.all([perform(rivals[0]), perform(rivals[1])]);
      const winner = answers[0].status < 400 ? 0 : 1;
      const [won, lost] = [answers[winner], answers[1 - winner] as Answer];
      if (lost.status < 400) faults.push(`POST ${path} was done for two people: ${won.text} | ${lost.text}`);
      else if (parse(lost.text)['code'] !== 'task-not-open') faults.push(`POST ${path}: ${lost.status} ${lost.text}`);
      return accept(rivals[winner], won);
    },
  };
}

/** Where two answers part, with what surrounds it. */
export function difference(one: Pick<Answer, 'status' | 'text'>, other: Pick<Answer, 'status' | 'text'>): string {
  let at = 0;
  while (at < one.text.length && one.text[at] === other.text[at]) at++;
  const part = ({ status, text }: Pick<Answer, 'status' | 'text'>): string =>
    `${status} ...${text.slice(Math.max(0, at - 60), at + 200)}...`;
  return `${part(one)} | ${part(other)}`;
}

/** Killed processes break connections; anything else that fetch throws is a surprise. */
const isConnectionLoss = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'TimeoutError' || error.message === 'fetch failed' || error.message === 'terminated');

function parse(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return { detail: text };
  }
}
