import type { Database } from '../../persistence/database.ts';
import { CreditProfile, Customer, Price, Product, StockLevel } from '../../persistence/entities/index.ts';
import type { Transaction } from '../../persistence/transaction.ts';
import { newId } from '../../support/ids.ts';
import {
  storyCustomers,
  storyProducts,
  taxRates,
  worldCustomers,
  worldProducts,
  type NewCustomer,
  type NewProduct,
} from './master-data.ts';
import { seedPeople } from './people.ts';

const currency = 'EUR';
/** Prices and taxes hold since long before anybody asks. */
const ever = '2020-01-01';

/**
 * Adds the people, customers, products, prices and taxes of the demo world that are not there yet. Goods and orders come through the service, like
 * everybody's.
 */
export async function seedMasterData(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtext('orderflow.demo-world'))`); // several processes may start at the same moment
    await seedPeople(tx);
    for (const [taxClass, rateBp] of Object.entries(taxRates)) {
      await tx.execute(
        'insert into orderflow.tax_rate (tax_class, valid_from, rate_bp) values ($1, $2, $3) on conflict (tax_class, valid_from) do nothing',
        [taxClass, ever, rateBp],
      );
    }
    for (const customer of [...storyCustomers, ...worldCustomers]) await addCustomer(tx, customer);
    for (const product of [...storyProducts, ...worldProducts]) await addProduct(tx, product);
  });
}

async function addCustomer(tx: Transaction, { limitMinor = 0, account = {}, ...customer }: NewCustomer): Promise<void> {
  const id = newId();
  if (await tx.manager.existsBy(Customer, { code: customer.code })) return;
  await tx.manager.insert(Customer, { id, ...customer });
  await tx.manager.insert(CreditProfile, { id: newId(), customerId: id, currency, limitMinor, riskClass: 'B', ...account });
}

async function addProduct(tx: Transaction, { safety, prices = [], ...product }: NewProduct): Promise<void> {
  const { sku } = product;
  if (await tx.manager.existsBy(Product, { sku })) return;
  await tx.manager.insert(Product, { id: newId(), ...product, currency });
  if (safety !== undefined) await tx.manager.insert(StockLevel, { id: newId(), sku, location: 'MAIN', safety });
  for (const price of prices) {
    await tx.manager.insert(Price, { id: newId(), sku, currency, validFrom: ever, ...price });
  }
}
