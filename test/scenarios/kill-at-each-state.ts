import { expect } from 'chai';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { Fulfilment } from '../../src/contract/fulfilment.ts';
import { Quotation } from '../../src/contract/quotation.ts';
import { SaleOrder, Timeline } from '../../src/contract/sale-order.ts';
import { Product } from '../../src/contract/product.ts';
import { listOf } from '../../src/contract/search.ts';
import { orderflow } from '../cli/run.ts';
import { freePorts } from '../kill/fleet.ts';
import { createMember } from '../kill/member.ts';
import { until } from '../helpers/promises.ts';
import { createClient } from './client.ts';

const Order = z.looseObject({ id: z.string(), number: z.string() });
/** Longer than a start and a lease take, ms. */
const patienceMs = 60_000;

/**
 * The happy path on a service as `npm start` starts it: one process, its own PostgreSQL and sandbox. At each state it is killed with SIGKILL, and what starts again
 * has to go on. Answers the paths of quotation, sale and fulfilment.
 */
export async function killAtEachState(): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'orderflow-kill-'));
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ORDERFLOW_DATA_DIR: folder,
    ORDERFLOW_DEMO: 'true',
    ORDERFLOW_DEMO_ORDERS: 'false',
    PORT: String(port),
    JOB_LEASE_MS: '2000',
    SWEEP_MS: '300',
  };
  const faults: string[] = [];
  const service = createMember({
    name: 'service',
    kind: 'api',
    file: 'src/main.ts',
    env,
    url,
    readyWhen: 'Orderflow is running',
    logFile: path.join(folder, 'service.log'),
    onFault: (what) => void faults.push(what),
  });
  const as = createClient(url);
  const reach = (state: string, look: () => Promise<{ readonly workflowState: string | null }>): Promise<void> =>
    until(async () => (await look()).workflowState === state, patienceMs);
  const kill = async (): Promise<void> => {
    await service.kill();
    await service.ready(patienceMs);
  };
  try {
    service.start();
    await service.ready(patienceMs);
    const [product] = (await as('sales').get(listOf(Product), '/v1/products')).items;
    const sku = product?.sku ?? '';
    await as('warehouse').post(`/v1/stock/${sku}/receipts`, { quantity: 10, reference: 'for the killed' });
    const offer = { customerId: 'NORDWIND', currency: 'EUR', lines: [{ sku, quantity: 2 }] };
    const { id } = Order.parse(await as('sales').post('/v1/quotations', offer));
    const quotation = (): Promise<z.output<typeof Quotation>> => as('sales').get(Quotation, `/v1/quotations/${id}`);
    const complete = async (person: string, variables: object): Promise<void> => {
      const task = (await quotation()).waits.find(({ kind }) => kind === 'user');
      await as(person).post(`/v1/user-tasks/${task?.id}/completion`, { variables });
    };
    await kill();
    await reach('DRAFT', quotation);
    await complete('sales', {});
    await kill();
    await reach('SENT', quotation);
    await kill();
    await complete('buyer', { customer: { answer: 'ACCEPT' } });
    await kill();
    await reach('APPROVED', quotation);
    const saleId = (await quotation()).saleOrder?.id ?? '';
    const sale = (): Promise<z.output<typeof SaleOrder>> => as('sales').get(SaleOrder, `/v1/sale-orders/${saleId}`);
    await kill();
    await reach('CLEARED', sale);
    await until(async () => (await sale()).fulfilments.length === 1, patienceMs);
    const [link] = (await sale()).fulfilments;
    const fulfilment = (): Promise<z.output<typeof Fulfilment>> => as('sales').get(Fulfilment, `/v1/fulfilments/${link?.id}`);
    await kill();
    await reach('PICKING', fulfilment);
    await as('warehouse').post(`/v1/fulfilments/${link?.id}/shipments`);
    await kill();
    await reach('SHIPPED', fulfilment);
    await kill();
    await as('warehouse').post(`/v1/fulfilments/${link?.id}/deliveries`);
    await kill();
    await reach('COMPLETED', sale);
    const { items } = await as('auditor').get(Timeline, `/v1/sale-orders/${saleId}/timeline`);
    const { code, out } = await orderflow(['audit'], env);
    expect(code, out).to.equal(0);
    expect(faults).to.deep.equal([]);
    const numbers = [(await quotation()).number, (await sale()).number, link?.number];
    return numbers.map((number) =>
      items
        .filter((item) => item.number === number)
        .map(({ to }) => to)
        .join('>'),
    );
  } finally {
    await service.terminate();
    await rm(folder, { recursive: true, force: true });
  }
}
