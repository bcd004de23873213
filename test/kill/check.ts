import { printAudit, runAudit } from '../../src/cli/audit/index.ts';
import type { Database } from '../../src/persistence/database.ts';
import { difference, type Acknowledged, type Client } from './client.ts';
import type { Noun } from './stage.ts';

/** Where an order that was promised to us has to be. */
export interface Expected {
  readonly noun: Noun;
  readonly state: string;
}

const tables: Readonly<Record<Noun, string>> = {
  quotations: 'quotation',
  'sale-orders': 'sale_order',
  fulfilments: 'fulfilment',
};

/** Holds what the clients were promised against what is there. Answers what is wrong, a sentence each. */
export async function checkPromises(
  database: Database,
  client: Client,
  expected: ReadonlyMap<string, Expected>,
): Promise<string[]> {
  return [
    ...(await ordersElsewhere(database, expected)),
    ...(await commandsMissing(database, client.ledger)),
    ...(await tasksCompletedOtherwise(database, client.ledger)),
    ...(await answersThatDiffer(client)),
  ];
}

async function ordersElsewhere(database: Database, expected: ReadonlyMap<string, Expected>): Promise<string[]> {
  const found = new Map<string, { number: string; state: string | null }>();
  for (const table of Object.values(tables)) {
    const rows = await database.query<{ id: string; number: string; state: string | null }>(
      `select id, number, workflow_state as state from orderflow.${table}`,
    );
    for (const { id, ...order } of rows) found.set(`${table} ${id}`, order);
  }
  return [...expected].flatMap(([id, { noun, state }]) => {
    const order = found.get(`${tables[noun]} ${id}`);
    if (!order) return [`LOST: ${noun} ${id} was acknowledged and does not exist`];
    return order.state === state ? [] : [`${order.number} is ${order.state}, its story ends in ${state}`];
  });
}

/** Each acknowledged command is there once (its key is unique), with the status that was told, and the step commands have their steps. */
async function commandsMissing(database: Database, ledger: readonly Acknowledged[]): Promise<string[]> {
  const rows = await database.query<{ key: string; status: number; steps: number; money: number; goods: number }>(
    `select c.key, c.status, (select count(*) from orderflow.step s where s.command_id = c.id) as steps,
            (select count(*) from orderflow.payment p where p.provider = 'manual' and p.reference = x.reference) as money,
            (select count(*) from orderflow.stock_movement m where m.reference = x.reference) as goods
       from unnest($1::text[], $2::text[], $3::text[]) as x (actor, key, reference)
       join orderflow.command c on c.actor = x.actor and c.key = x.key`,
    [
      ledger.map(({ person }) => person),
      ledger.map(({ key }) => key),
      ledger.map(({ sent }) => (JSON.parse(sent) as { reference?: string }).reference ?? ''),
    ],
  );
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return ledger.flatMap(({ key, method, path, status }) => {
    const row = byKey.get(key);
    const what = `${method} ${path} (key ${key})`;
    if (!row) return [`LOST: ${what} was acknowledged with ${status} and left no command`];
    if (row.status !== status) return [`${what} was acknowledged with ${status}, its command says ${row.status}`];
    if (path.endsWith('/captures')) return row.money === 1 ? [] : [`${what} was recorded ${row.money} times`];
    if (path.endsWith('/receipts')) return row.goods === 1 ? [] : [`${what} was booked ${row.goods} times`];
    if (path.endsWith('/completion')) return row.steps === 1 ? [] : [`${what} is in the log ${row.steps} times`];
    return row.steps > 0 || method === 'PUT' || path.endsWith('/resolution') ? [] : [`${what} is not in the log`];
  });
}

/** Each acknowledged completion of a task is the only step that ended it. */
async function tasksCompletedOtherwise(database: Database, ledger: readonly Acknowledged[]): Promise<string[]> {
  const completions = ledger.flatMap(({ path, key }) => {
    const id = /^\/v1\/user-tasks\/([^/]+)\/completion$/.exec(path)?.[1];
    return id === undefined ? [] : [{ id, key }];
  });
  const rows = await database.query<{ what: string }>(
    `select format('task %s was promised to %s, but was completed by %s', x.id, x.key, coalesce(string_agg(c.key, ', '), 'nobody')) as what
       from unnest($1::uuid[], $2::text[]) as x (id, key)
       left join orderflow.step s on s.wait_id = x.id
       left join orderflow.command c on c.id = s.command_id
      group by x.id, x.key having count(c.key) <> 1 or min(c.key) <> x.key`,
    [completions.map(({ id }) => id), completions.map(({ key }) => key)],
  );
  return rows.map(({ what }) => what);
}

/** Asked once more under its key, each command answers as it did, byte for byte, and says that it is a replay. */
async function answersThatDiffer(client: Client): Promise<string[]> {
  const faults: string[] = [];
  const left = [...client.ledger];
  const ask = async (): Promise<void> => {
    for (let first = left.pop(); first; first = left.pop()) {
      const { status, text, replayed } = await client.repeat(first);
      if (status !== first.status || text !== first.text)
        faults.push(`${first.method} ${first.path} is answered in another way now: ${difference(first, { status, text })}`);
      else if (!replayed) faults.push(`${first.method} ${first.path} was done again instead of being replayed`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, ask));
  return faults;
}

/** The audit, with the provider's own ledger; answers its report when it has findings. `drained`: nothing may be left over either. */
export async function auditFindings(database: Database, sandboxUrl: string, drained: boolean): Promise<string[]> {
  const report = await database.read((tx) => runAudit(tx, { drained, ledgerUrl: sandboxUrl }));
  return report.findings === 0 ? [] : [printAudit(report)];
}
