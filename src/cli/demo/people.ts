import { Person } from '../../persistence/entities/index.ts';
import type { Transaction } from '../../persistence/transaction.ts';
import { demoPeople } from '../../policies/people.ts';

/** Adds the people of the demo world that are not there yet; whose roles were changed keeps them. */
export async function seedPeople(tx: Transaction): Promise<void> {
  const rows = demoPeople.map(({ id, roles }) => ({ id, roles: [...roles] }));
  await tx.manager.createQueryBuilder().insert().into(Person).values(rows).orIgnore().execute();
}
