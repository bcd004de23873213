import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { Fulfilment } from '../../src/contract/fulfilment.ts';
import { Step } from '../../src/contract/process-instance.ts';
import { Quotation } from '../../src/contract/quotation.ts';
import { Return } from '../../src/contract/return.ts';
import { SaleOrder, Timeline } from '../../src/contract/sale-order.ts';
import { listOf } from '../../src/contract/search.ts';
import { CreditProfile, Customer, Product } from '../../src/persistence/entities/index.ts';
import type { Api } from './client.ts';
import type { Outside } from './outside.ts';
import type { ScenarioService } from './service.ts';
import { openWork } from './open-work.ts';

/** Any order, as far as every one of them goes. */
export interface Order {
  readonly id: string;
  readonly number: string;
}

export interface NewCustomer extends Partial<Customer> {
  readonly limitMinor?: number;
  readonly riskClass?: CreditProfile['riskClass'];
}

export interface NewProduct extends Partial<Product> {
  /** Pieces that are received, by the warehouse. */
  readonly stock?: number;
}

/** What a scenario plays on: a service that others may play on at the same time, and customers and products of its own. */
export interface Stage {
  readonly service: ScenarioService;
  readonly as: (person: string) => Api;
  readonly outside: Outside;
  /** A customer who pays on terms, unless told otherwise. */
  customer(more?: NewCustomer): Promise<{ readonly id: string; readonly code: string }>;
  /** A product of 10.00, of which 100 are in stock, unless told otherwise. Answers its SKU. */
  product(more?: NewProduct): Promise<string>;
  /** Resolves when jobs, messages, timers and payments of this scenario's orders have nothing left to do. @throws when one is stuck */
  settled(): Promise<void>;
  /** Waits for something that no row announces. */
  until<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
  /** Moves the clock forward over HTTP, and settles. */
  pass(time: { readonly days?: number; readonly hours?: number; readonly minutes?: number }): Promise<void>;
  quotation(id: string): Promise<z.output<typeof Quotation>>;
  sale(id: string): Promise<z.output<typeof SaleOrder>>;
  fulfilment(id: string): Promise<z.output<typeof Fulfilment>>;
  return(id: string): Promise<z.output<typeof Return>>;
  /** The states that an order has gone through, read over HTTP: `OPEN>RESERVING>CLEARED`. */
  path(order: Order): Promise<string>;
}

/** Longer than anything takes that is not stuck, ms. */
const patienceMs = 60_000;

export function createStage(service: ScenarioService): Stage {
  const { as, database, outside } = service;
  const customers: string[] = [];

  async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    for (const giveUpAt = Date.now() + patienceMs; ; await sleep(25)) {
      const seen = await look();
      if (seen !== undefined) return seen;
      if (Date.now() > giveUpAt) throw new Error(`Still not so after ${patienceMs / 1000} s: ${what}`);
    }
  }

  async function settled(): Promise<void> {
    let left = '';
    for (const giveUpAt = Date.now() + patienceMs; ; await sleep(25)) {
      const work = await openWork(database, customers);
      if (work.incidents.length > 0) throw new Error(`It is stuck: ${work.incidents.join('; ')}`);
      left = work.due.join(', ');
      if (left === '') return;
      if (Date.now() > giveUpAt) throw new Error(`It has not settled after ${patienceMs / 1000} s: ${left}`);
    }
  }

  /** The timeline of the sale that an order belongs to; undefined for a quotation without one. */
  async function saleOf({ id, number }: Order): Promise<string | undefined> {
    if (number.startsWith('S')) return id;
    if (number.startsWith('Q')) return (await stage.quotation(id)).saleOrder?.id;
    if (number.startsWith('F')) return (await stage.fulfilment(id)).saleOrder.id;
    return (await stage.return(id)).saleOrder.id;
  }

  async function path(order: Order): Promise<string> {
    const saleId = await saleOf(order);
    if (saleId === undefined) return quotationPath((await stage.quotation(order.id)).processInstanceId ?? '');
    const { items } = await as('auditor').get(Timeline, `/v1/sale-orders/${saleId}/timeline`);
    return items
      .filter(({ number }) => number === order.number)
      .map(({ to }) => to)
      .join('>');
  }

  async function quotationPath(instanceId: string): Promise<string> {
    const { items } = await as('auditor').get(listOf(Step), `/v1/process-instances/${instanceId}/transitions`);
    const states = items
      .flatMap(({ trail }) => trail as readonly { event: string; workflowState?: string }[])
      .flatMap(({ event, workflowState }) => (event === 'enter' && workflowState !== undefined ? [workflowState] : []));
    return states.filter((state, index) => state !== states[index - 1]).join('>');
  }

  const stage: Stage = {
    service,
    as,
    outside,
    until,
    settled,
    path,
    customer: async ({ limitMinor = 1_000_000, riskClass = 'B', ...more } = {}) => {
      const id = randomUUID();
      const code = `C-${id.slice(0, 8)}`;
      await database.transaction(async ({ manager }) => {
        await manager.insert(Customer, { id, code, name: code, paymentMethod: 'TERMS', ...more });
        await manager.insert(CreditProfile, { id: randomUUID(), customerId: id, currency: 'EUR', limitMinor, riskClass });
      });
      customers.push(id);
      return { id, code };
    },
    product: async ({ stock = 100, ...more } = {}) => {
      const id = randomUUID();
      const sku = `P-${id.slice(0, 8)}`;
      const product = { sku, name: sku, currency: 'EUR', listPriceMinor: 1_000, costMinor: 600, returnWindowSeconds: 60 };
      await database.transaction(({ manager }) => manager.insert(Product, { id, ...product, ...more }));
      if (stock > 0) await as('warehouse').post(`/v1/stock/${sku}/receipts`, { quantity: stock, reference: `first ${sku}` });
      return sku;
    },
    pass: async ({ days = 0, hours = 0, minutes = 0 }) => {
      await as('operator').post('/v1/clock', { forwardMs: ((days * 24 + hours) * 60 + minutes) * 60_000 });
      await settled();
    },
    quotation: (id) => as('auditor').get(Quotation, `/v1/quotations/${id}`),
    sale: (id) => as('auditor').get(SaleOrder, `/v1/sale-orders/${id}`),
    fulfilment: (id) => as('auditor').get(Fulfilment, `/v1/fulfilments/${id}`),
    return: (id) => as('auditor').get(Return, `/v1/returns/${id}`),
  };
  return stage;
}
