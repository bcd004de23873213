import type { Transaction } from '../../src/persistence/transaction.ts';

/**
 * Takes away what the database itself forbids (constraints but for primary keys and NOT NULL, unique indexes, triggers), so that a test can write what only a
 * broken database, or somebody with the right to change the schema, could.
 */
export const dropGuards = (tx: Transaction): Promise<unknown> =>
  tx.query(`
    do $$
    declare guard record;
    begin
      for guard in select conrelid::regclass as owner, conname as name from pg_constraint
                    where connamespace = 'orderflow'::regnamespace and contype in ('f', 'c', 'u') order by contype = 'u' loop
        execute format('alter table %s drop constraint %I', guard.owner, guard.name);
      end loop;
      for guard in select indexrelid::regclass as name from pg_index i join pg_class c on c.oid = i.indrelid
                    where c.relnamespace = 'orderflow'::regnamespace and i.indisunique and not i.indisprimary loop
        execute format('drop index %s', guard.name);
      end loop;
      for guard in select oid::regclass as owner from pg_class where relnamespace = 'orderflow'::regnamespace and relkind = 'r' loop
        execute format('alter table %s disable trigger user', guard.owner);
      end loop;
    end $$`);
