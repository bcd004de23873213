import { Client, escapeIdentifier } from 'pg';
import type { ConnectionTarget } from './connection.ts';
import { sqlState } from './errors.ts';

/** The same server, another database. */
export function databaseOn(server: ConnectionTarget, name: string): ConnectionTarget {
  if (!('url' in server)) return { ...server, database: name };
  const url = new URL(server.url);
  url.pathname = `/${encodeURIComponent(name)}`;
  return { url: url.href };
}

/** Makes a database, from a template if one is named, unless it is there; the account needs CREATEDB. */
export async function createDatabase(server: ConnectionTarget, name: string, template = 'template1'): Promise<void> {
  await onServer(server, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount) return;
    try {
      await client.query(`create database ${escapeIdentifier(name)} template ${escapeIdentifier(template)}`);
    } catch (error) {
      // Another process made it at this very moment; which of the two it is depends on how close the race was.
      if (!['42P04', '23505'].includes(sqlState(error) ?? '')) throw error;
    }
  });
}

/** Drops a database if it is there, and the connections to it. */
export async function dropDatabase(server: ConnectionTarget, name: string): Promise<void> {
  await onServer(server, (client) => client.query(`drop database if exists ${escapeIdentifier(name)} with (force)`));
}

async function onServer<T>(server: ConnectionTarget, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    ...('url' in server ? { connectionString: server.url } : server),
    application_name: 'orderflow databases',
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined); // the query in hand rejects as well
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
