import { lineValueMinor } from '../../domain/money.ts';
import { entities, exponentOf, type Entity, type LegacyRecord, type LegacyRecords } from '../../commands/adoption/records.ts';
import { createRandom, type Random } from './random.ts';

const dayMs = 86_400_000;

/** Somebody who orders in the old system. */
export interface SampleCustomer {
  readonly code: string;
  readonly currency: string;
}

export interface SampleLine {
  readonly lineNo: number;
  readonly sku: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly discountBp: number;
  readonly taxBp: number;
}

/** An old system under construction. Amounts are written as decimal text, as old systems have them. */
export interface SampleWorld {
  readonly random: Random;
  readonly now: Date;
  readonly add: (entity: Entity, record: Readonly<Record<string, string | number | null>>) => void;
  readonly customer: () => SampleCustomer;
  readonly lines: (currency: string, from?: number) => SampleLine[];
  readonly total: (lines: readonly SampleLine[]) => number;
  readonly money: (amountMinor: number, currency: string) => string;
  /** So many days ago. */
  readonly ago: (days: number) => string;
  /** Sets pieces aside at a place. */
  readonly setAside: (sku: string, location: string, pieces: number) => void;
  /** The customer owes this much on account. */
  readonly owe: (
    customer: SampleCustomer,
    order: { number: string; amountMinor: number; daysAgo: number; isLate: boolean },
  ) => void;
  /** Credit that the customer's open orders take. */
  readonly take: (customer: SampleCustomer, amountMinor: number) => void;
  readonly finish: () => LegacyRecords;
}

const currencies = ['EUR', 'EUR', 'EUR', 'USD', 'JPY'] as const;
export const locations = ['MAIN', 'NORTH'] as const;

export function createSampleWorld(orders: number, seed: number, now: Date): SampleWorld {
  const random = createRandom(seed);
  const records = Object.fromEntries(entities.map((entity) => [entity, [] as LegacyRecord[]])) as Record<Entity, LegacyRecord[]>;
  const add: SampleWorld['add'] = (entity, record) => {
    records[entity].push(Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value ?? '')])));
  };
  const money: SampleWorld['money'] = (amountMinor, currency) => {
    const digits = exponentOf(currency);
    if (digits === 0) return String(amountMinor);
    const text = String(amountMinor).padStart(digits + 1, '0');
    return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  };
  const ago = (days: number): string => new Date(now.getTime() - Math.round(days * dayMs)).toISOString();

  const customers = Array.from({ length: Math.max(5, Math.ceil(orders / 20)) }, (_, index): SampleCustomer => ({
    code: `C${String(index + 1).padStart(5, '0')}`,
    currency: currencies[index % currencies.length] ?? 'EUR',
  }));
  const products = [...new Set(currencies)].flatMap((currency) =>
    Array.from({ length: 20 }, (_, index) => ({
      sku: `${currency}-${String(index + 1).padStart(3, '0')}`,
      currency,
      priceMinor: random.whole(2, 900) * (currency === 'JPY' ? 10 : 25),
    })),
  );
  const aside = new Map<string, number>();
  const owed = new Map<string, number>();
  const taken = new Map<string, number>();
  let invoices = 0;
  const more = (sums: Map<string, number>, key: string, amount: number): void =>
    void sums.set(key, (sums.get(key) ?? 0) + amount);

  return {
    random,
    now,
    add,
    money,
    ago,
    customer: () => random.pick(customers as [SampleCustomer, ...SampleCustomer[]]),
    lines: (currency, from = 1) => {
      const own = products.filter((product) => product.currency === currency);
      const first = random.whole(0, own.length - 1);
      return Array.from({ length: random.whole(from, 3) }, (_, index): SampleLine => {
        const product = own[(first + index) % own.length];
        const discountBp = random.next() < 0.3 ? 200 : 0;
        return {
          lineNo: index + 1,
          sku: product?.sku ?? '',
          quantity: random.whole(1, 12),
          unitPriceMinor: product?.priceMinor ?? 1,
          discountBp,
          taxBp: random.next() < 0.5 ? 1900 : 0,
        };
      });
    },
    total: (lines) => lines.reduce((sum, line) => sum + lineValueMinor(line, 0, line.quantity), 0),
    setAside: (sku, location, pieces) => more(aside, `${sku}/${location}`, pieces),
    owe: (customer, { number, amountMinor, daysAgo, isLate }) => {
      more(owed, customer.code, amountMinor);
      const { currency, code } = customer;
      add('invoices', {
        number: `INV-${++invoices}`,
        customer: code,
        currency,
        sale_order: number,
        amount: money(amountMinor, currency),
        open: money(amountMinor, currency),
        issued_at: ago(daysAgo),
        due_at: ago(isLate ? daysAgo - 1 : daysAgo - 400),
      });
    },
    take: (customer, amountMinor) => more(taken, customer.code, amountMinor),
    finish: () => {
      for (const { code, currency } of customers) {
        const tier = random.next() < 0.1 ? 'GOLD' : 'STANDARD';
        add('customers', {
          code,
          name: `Customer ${code}, Ltd.`,
          tier,
          status: 'ACTIVE',
          payment_method: 'TERMS',
          shipping_policy: 'ALLOW_SPLIT',
        });
        const [unpaid, open] = [owed.get(code) ?? 0, taken.get(code) ?? 0];
        // most have room, some are over their limit already
        const limit = random.next() < 0.8 ? (unpaid + open) * 2 + 1_000_000 : Math.floor((unpaid + open) * 0.3);
        const risk = random.pick(['A', 'B', 'C', 'D']);
        add('credit_limits', { customer: code, currency, limit: money(limit, currency), risk_class: risk, terms_days: 30 });
        const hold = random.next() < 0.05 ? 'HOLD' : random.next() < 0.05 ? 'WATCH' : 'NONE';
        add('credit_tables', {
          customer: code,
          currency,
          hold,
          hold_reason: hold === 'NONE' ? null : 'slow payer',
          risk_class: risk,
          unpaid_invoices: money(unpaid, currency),
        });
      }
      for (const { sku, currency, priceMinor } of products) {
        add('products', {
          sku,
          name: `Product ${sku}`,
          currency,
          list_price: money(priceMinor, currency),
          cost: money(Math.floor(priceMinor * 0.6), currency),
          line_policy: 'BACKORDER',
          replenish_days: 7,
        });
        for (const location of locations)
          add('stock', { sku, location, on_hand: (aside.get(`${sku}/${location}`) ?? 0) + random.whole(0, 20), safety: 0 });
      }
      return records;
    },
  };
}
