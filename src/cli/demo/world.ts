import type { Database } from '../../persistence/database.ts';
import { CreditProfile, Customer, Product } from '../../persistence/entities/index.ts';
import { newId } from '../../support/ids.ts';

/** A minute: demo customers have no patience for return windows of a month. */
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
];

const products: readonly Pick<Product, 'sku' | 'name' | 'listPriceMinor' | 'costMinor'>[] = [
  { sku: 'PUMP-10', name: 'Circulation pump 10', listPriceMinor: 24_900, costMinor: 15_000 },
  { sku: 'VALVE-25', name: 'Ball valve DN 25', listPriceMinor: 1_850, costMinor: 900 },
  { sku: 'HOSE-5', name: 'Pressure hose 5 m', listPriceMinor: 3_200, costMinor: 1_700 },
  { sku: 'SENSOR-T', name: 'Temperature sensor', listPriceMinor: 4_500, costMinor: 2_300 },
];

/** Adds the customers and products of the demo world that are not there yet. Stock and orders come through the service, like everybody's. */
export async function seedMasterData(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    for (const { limitMinor, ...customer } of customers) {
      const id = newId();
      const { identifiers } = await tx.manager
        .createQueryBuilder()
        .insert()
        .into(Customer)
        .values({ id, ...customer })
        .orIgnore()
        .returning('id')
        .execute();
      if (!identifiers[0]) continue;
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
