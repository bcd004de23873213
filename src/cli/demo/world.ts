import type { Database } from '../../persistence/database.ts';
import { CreditProfile, Product, type Customer } from '../../persistence/entities/index.ts';
import { newId } from '../../support/ids.ts';

/** Nobody who watches a demo has the patience for a return window of a month. */
const demoReturnWindowSeconds = 3;

type NewCustomer = Pick<Customer, 'code' | 'name' | 'tier' | 'paymentMethod' | 'shippingPolicy'> & {
  readonly limitMinor: number;
};

const customers: readonly NewCustomer[] = [
  {
    code: 'NORDWIND',
    name: 'Nordwind Logistik GmbH',
    tier: 'GOLD',
    paymentMethod: 'TERMS',
    shippingPolicy: 'ALLOW_SPLIT',
    limitMinor: 10_000_000,
  },
  {
    code: 'BRIGHT',
    name: 'Bright Works Ltd',
    tier: 'STANDARD',
    paymentMethod: 'PREPAY',
    shippingPolicy: 'ALLOW_SPLIT',
    limitMinor: 0,
  },
  {
    code: 'HARBOUR',
    name: 'Harbour Supplies BV',
    tier: 'STANDARD',
    paymentMethod: 'TERMS',
    shippingPolicy: 'COMPLETE_ONLY',
    limitMinor: 1_000_000,
  },
  {
    code: 'MERIDIAN',
    name: 'Meridian Tools SA',
    tier: 'STANDARD',
    paymentMethod: 'DEPOSIT',
    shippingPolicy: 'ALLOW_SPLIT',
    limitMinor: 5_000_000,
  },
  {
    code: 'CASCADE',
    name: 'Cascade Water Ltd',
    tier: 'STANDARD',
    paymentMethod: 'TERMS',
    shippingPolicy: 'ALLOW_SPLIT',
    limitMinor: 5_000_000,
  },
  {
    code: 'FJORD',
    name: 'Fjord Instruments AS',
    tier: 'STANDARD',
    paymentMethod: 'CARD',
    shippingPolicy: 'ALLOW_SPLIT',
    limitMinor: 0,
  },
];

const products: readonly Pick<Product, 'sku' | 'name' | 'listPriceMinor' | 'costMinor'>[] = [
  { sku: 'PUMP-10', name: 'Circulation pump 10', listPriceMinor: 24_900, costMinor: 15_000 },
  { sku: 'VALVE-25', name: 'Ball valve DN 25', listPriceMinor: 1_850, costMinor: 900 },
  { sku: 'HOSE-5', name: 'Pressure hose 5 m', listPriceMinor: 3_200, costMinor: 1_700 },
  { sku: 'SENSOR-T', name: 'Temperature sensor', listPriceMinor: 4_500, costMinor: 2_300 },
  { sku: 'FILTER-8', name: 'Filter cartridge 8 in', listPriceMinor: 7_900, costMinor: 4_100 },
  { sku: 'MANIFOLD-4', name: 'Manifold, 4 circuits', listPriceMinor: 12_400, costMinor: 7_000 },
];

/** Adds the customers and products of the demo world that are not there yet. Stock and orders come through the service, like everybody's. */
export async function seedMasterData(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    for (const { limitMinor, ...customer } of customers) {
      const id = newId();
      const added = await tx.execute(
        `insert into orderflow.customer (id, code, name, tier, payment_method, shipping_policy) values ($1, $2, $3, $4, $5, $6)
         on conflict (code) do nothing`,
        [id, customer.code, customer.name, customer.tier, customer.paymentMethod, customer.shippingPolicy],
      );
      if (added === 0) continue;
      await tx.manager.insert(CreditProfile, { id: newId(), customerId: id, currency: 'EUR', limitMinor, riskClass: 'B' });
    }
    for (const product of products) {
      await tx.manager
        .createQueryBuilder()
        .insert()
        .into(Product)
        .values({ id: newId(), ...product, currency: 'EUR', returnWindowSeconds: demoReturnWindowSeconds })
        .orIgnore()
        .execute();
    }
  });
}
