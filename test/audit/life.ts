import { createHash } from 'node:crypto';
import type { Transaction } from '../../src/persistence/transaction.ts';

/** The UUID of a thing that the tests call `name`: always the same. */
export function id(name: string): string {
  const hex = createHash('md5').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const yesterday = Date.now() - 86_400_000;

/** Second `n` of the story, which begins a day ago. */
export const at = (n: number): Date => new Date(yesterday + n * 1000);

/** Writes a row; objects are JSON. */
export async function insert(tx: Transaction, table: string, row: Readonly<Record<string, unknown>>): Promise<void> {
  const columns = Object.keys(row);
  const values = Object.values(row).map((value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
      ? JSON.stringify(value)
      : value,
  );
  await tx.execute(
    `insert into orderflow.${table} (${columns.join(', ')}) values (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
    values,
  );
}

/** A wait that a step opens, by its element; the rest are columns of its row. */
type Opened = Readonly<Record<string, unknown>> & { readonly element: string; readonly kind: string };

export interface Step {
  readonly by: string;
  /** Name of the command; `complete a job` when left out. */
  readonly command?: string;
  /** Idempotency key; its id when left out. */
  readonly key?: string;
  readonly trigger?: string;
  /** Element whose wait it completes; none for the first step. */
  readonly completes?: string;
  readonly cancels?: readonly string[];
  readonly opens?: readonly Opened[];
  /** What else its trail says. */
  readonly trail?: readonly object[];
  /** workflowState that it enters, at an element of the same name in small letters. */
  readonly state?: string;
}

export interface Life {
  /** The order's number: business key, and first part of the names of its waits (`S-000001/s_credit`). */
  readonly key: string;
  readonly order?: 'quotation' | 'sale_order' | 'fulfilment' | 'return_request';
  /** The process of an instance that moves no order. */
  readonly process?: string;
  /** Columns of its row. */
  readonly columns?: Readonly<Record<string, unknown>>;
  /** Second of the first step; each further one comes a second later. */
  readonly from: number;
  readonly steps: readonly Step[];
  readonly ended?: 'completed' | 'cancelled' | 'failed';
}

export const job = (element: string, jobType: string): Opened => ({ element, kind: 'job', job_type: jobType, retries: 3 });
export const message = (element: string, name: string, key: string): Opened => ({
  element,
  kind: 'message',
  message_name: name,
  correlation_key: key,
});

/** Writes all that an instance leaves behind: steps with their commands, waits, outbox rows, transitions, and the state of its order. */
export async function live(tx: Transaction, life: Life): Promise<void> {
  const { key, steps, ended, order } = life;
  const process = order ?? life.process;
  const instance = id(key);
  const definition = id(`definition of ${process}`);
  const revision = steps.length;
  const states = steps.map((_, index) => (ended && index === revision - 1 ? null : `{"at": "${key}", "step": ${index + 1}}`));
  for (const state of states) {
    if (state) await insert(tx, 'engine_state', { process_definition_id: definition, hash: sha256(state), state });
  }
  const subject = { subject_type: order ?? null, subject_id: order ? id(`order ${key}`) : null };
  const about = { process_definition_id: definition, process_id: process, business_key: key, ...subject, ...life.columns };
  const start = {
    status: 'running',
    revision: revision - 1,
    state_hash: states[0] ? sha256(states[0]) : null,
    variables: {},
    started_by: 'sales',
    started_at: at(life.from),
  };
  await insert(tx, 'process_instance', { id: instance, ...about, ...start });

  let head: string | null = null;
  let state: string | null = null;
  let transitions = 0;
  for (const [index, step] of steps.entries()) {
    const moment = { revision: index + 1, at: at(life.from + index), by: step.by };
    const trigger = step.trigger ?? 'complete';
    for (const wait of step.opens ?? []) await open(tx, key, moment, wait);
    if (step.completes) await close(tx, key, moment, step.completes, 'completed');
    for (const element of step.cancels ?? []) await close(tx, key, moment, element, 'cancelled');
    const commandId = id(`${key}#${moment.revision}`);
    const name = step.command ?? 'complete a job';
    await insert(tx, 'command', {
      id: commandId,
      actor: step.by,
      key: step.key ?? commandId,
      name,
      fingerprint: 'f',
      status: 200,
      body: {},
      headers: {},
    });
    const element = step.state?.toLowerCase();
    const entered = step.state
      ? [{ event: 'enter', elementId: element, elementType: 'bpmn:Task', workflowState: step.state }]
      : [];
    const trail = [...(step.trail ?? []), ...entered];
    const text = states[index];
    const wait = (each: string) => id(`${key}/${each}`);
    const closed = [...(step.completes ? [step.completes] : []), ...(step.cancels ?? [])].map(wait);
    const opened = (step.opens ?? []).map((each) => wait(each.element));
    const parts = [
      instance,
      moment.revision,
      trigger,
      step.completes ?? null,
      step.completes ? wait(step.completes) : null,
      step.by,
      opened,
      closed,
    ];
    const row: { hash: string } = await tx.one(
      `insert into orderflow.step (instance_id, revision, trigger, element_id, wait_id, actor, opened, closed, state_hash, at, prev_hash, command_id, trail, asked, hash)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '[]', orderflow.step_digest($11, $1, $2, $3, $4, $5, $6, null, $12, $7, $8, $13, '[]', $9, $10)) returning hash`,
      [...parts, text ? sha256(text) : null, moment.at, head, commandId, JSON.stringify(trail)],
    );
    head = row.hash;
    if (step.state && order) {
      const of = {
        entity_type: order,
        entity_id: subject.subject_id,
        sequence: ++transitions,
        instance_id: instance,
        instance_revision: moment.revision,
      };
      await insert(tx, 'transition', {
        ...of,
        from_state: state,
        to_state: step.state,
        trigger,
        element_id: element,
        actor: step.by,
        at: moment.at,
      });
      await tell(
        tx,
        { key, order },
        { subject_id: id(`order ${key}`), transition: transitions, from: state, to: step.state, moment },
      );
      state = step.state;
    }
  }
  const last = at(life.from + revision - 1);
  const text = states[revision - 1];
  await tx.execute(
    'update orderflow.process_instance set revision = $2, status = $3, state_hash = $4, log_head = $5, ended_at = $6 where id = $1',
    [instance, revision, ended ?? 'running', text ? sha256(text) : null, head, ended ? last : null],
  );
  if (!order) return;
  await tx.execute(
    `update orderflow.${order} set process_instance_id = $2, workflow_state = $3, transition_count = $4, closed_at = $5 where id = $1`,
    [subject.subject_id, instance, state, transitions, ended ? last : null],
  );
}

/** Tells a transition to the world, published at once. */
const tell = async (
  tx: Transaction,
  { key, order }: { readonly key: string; readonly order: NonNullable<Life['order']> },
  told: {
    readonly subject_id: string;
    readonly transition: number;
    readonly from: string | null;
    readonly to: string;
    readonly moment: Moment;
  },
): Promise<void> => {
  const { subject_id, transition, from, to, moment } = told;
  const { position } = await tx.one<{ position: number }>(
    'select coalesce(max(position), 0) + 1 as position from orderflow.event',
  );
  await insert(tx, 'event', {
    id: id(`event ${position}`),
    type: 'workflow.transitioned',
    subject_type: order,
    subject_id,
    subject_number: key,
    data: { transition, workflowState: { from, to } },
    actor: moment.by,
    at: moment.at,
    position,
    subject_sequence: transition,
  });
};

interface Moment {
  readonly revision: number;
  readonly at: Date;
  readonly by: string;
}

async function open(tx: Transaction, key: string, moment: Moment, { element, ...columns }: Opened): Promise<void> {
  const where = { id: id(`${key}/${element}`), instance_id: id(key), slot: element, element_id: element };
  await insert(tx, 'wait', { ...where, ...columns, opened_at: moment.at, opened_revision: moment.revision });
  if (columns.kind !== 'job') return;
  const due = { created_at: moment.at, next_at: moment.at };
  await insert(tx, 'outbox', {
    id: where.id,
    wait_id: where.id,
    instance_id: where.instance_id,
    job_type: columns['job_type'],
    ...due,
  });
}

async function close(
  tx: Transaction,
  key: string,
  moment: Moment,
  element: string,
  how: 'completed' | 'cancelled',
): Promise<void> {
  const wait = id(`${key}/${element}`);
  await tx.execute('update orderflow.wait set status = $2, closed_at = $3, closed_revision = $4, closed_by = $5 where id = $1', [
    wait,
    how,
    moment.at,
    moment.revision,
    moment.by,
  ]);
  await tx.execute(`update orderflow.outbox set ${how === 'completed' ? 'done_at' : 'cancelled_at'} = $2 where wait_id = $1`, [
    wait,
    moment.at,
  ]);
}
