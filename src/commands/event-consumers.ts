import { randomBytes } from 'node:crypto';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readEventConsumer } from '../queries/event.ts';
import { Problem } from '../support/errors.ts';
import { revised } from './answer.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request, Unit } from './unit.ts';

export interface NewEventConsumer {
  readonly name: string;
  /** Where batches are pushed to; without it the consumer fetches them. */
  readonly url?: string;
  /** It has seen everything up to this position. */
  readonly after: number;
}

/**
 * Registers who is to be told of events; its place is kept here. Who is pushed to gets a secret in the answer, once, that signs what is pushed.
 * @throws Problem forbidden, wrong-state when the name is taken
 */
export const registerEventConsumer = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: NewEventConsumer,
): Promise<Performed> =>
  perform(deps, { ...request, name: 'register an event consumer', payload: { ...input } }, async ({ tx, actor, now }) => {
    requireAnyRole(actor, permissions['manage event consumers'], 'manage event consumers');
    const { name, url = null, after } = input;
    await refuseFuture({ tx }, after);
    const secret = url === null ? null : `whsec_${randomBytes(32).toString('base64')}`;
    const inserted = await tx.execute(
      `insert into orderflow.event_consumer (name, url, secret, position, next_at, created_by, created_at) values ($1, $2, $3, $4, $5, $6, $5)
       on conflict (name) do nothing`,
      [name, url, secret, after, now, actor.id],
    );
    if (inserted === 0) throw new Problem('wrong-state', `There is an event consumer ${name} already.`);
    await tx.query(`select pg_notify('orderflow', 'published')`);
    const body = { ...(await readEventConsumer(tx, name)), ...(secret !== null && { secret }) };
    return revised(201, body, `/v1/event-consumers/${name}`);
  });

/** A consumer has dealt with everything up to a position, and never hears of it again. Its place only moves on. @throws Problem not-found, wrong-state */
export const acknowledgeEvents = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: { readonly name: string; readonly position: number },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'acknowledge events', payload: { ...input } }, async ({ tx, actor, now }) => {
    requireAnyRole(actor, permissions['acknowledge events'], 'acknowledge events');
    const { name, position } = input;
    await readEventConsumer(tx, name);
    await refuseFuture({ tx }, position);
    const moved = await tx.execute(
      `update orderflow.event_consumer set position = $2, acknowledged_at = $3, failures = 0, last_error = null, revision = revision + 1
        where name = $1 and position <= $2`,
      [name, position, now],
    );
    if (moved === 0) throw new Problem('wrong-state', `${name} has acknowledged more than ${position} already.`);
    return revised(200, await readEventConsumer(tx, name));
  });

/** @throws Problem wrong-state */
async function refuseFuture({ tx }: Pick<Unit, 'tx'>, position: number): Promise<void> {
  const { last } = await tx.one<{ last: number }>('select coalesce(max(position), 0)::bigint as last from orderflow.event');
  if (position > last) throw new Problem('wrong-state', `The last event has the position ${last}; nobody has seen ${position}.`);
}

/** Nobody of this name is told of anything any more. @throws Problem not-found */
export const removeEventConsumer = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, name: string): Promise<Performed> =>
  perform(deps, { ...request, name: 'remove an event consumer', payload: { name } }, async ({ tx, actor }) => {
    requireAnyRole(actor, permissions['manage event consumers'], 'manage event consumers');
    const body = await readEventConsumer(tx, name);
    await tx.execute('delete from orderflow.event_consumer where name = $1', [name]);
    return { status: 200, body };
  });
