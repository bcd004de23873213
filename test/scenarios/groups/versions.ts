import { expect } from 'chai';
import { Deployed } from '../../../src/contract/deployment.ts';
import { ProcessInstance, Step } from '../../../src/contract/process-instance.ts';
import { listOf } from '../../../src/contract/search.ts';
import { processesFolder, readResources } from '../../../src/resources.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { askForOrder } from '../acts.ts';
import type { Scenario } from '../scenario.ts';
import { startScenarioService } from '../service.ts';
import { shipmentOf } from '../shipping.ts';
import { createStage, type Order, type Stage } from '../stage.ts';
import { upload } from '../upload.ts';

/** Sales that run when the new version comes. */
const running = Number(process.env['SCENARIO_SALES'] ?? 100);
const atOnce = 10;
/** After so many, what they have caused is waited for: a wait stays short on a slow machine. */
const wave = 25;

/** Does something for each, some at a time; the order of the answers is that of the orders. */
async function forEach<T, R>(all: readonly T[], act: (each: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let taken = 0;
  const hand = async (): Promise<void> => {
    for (let index = taken++; index < all.length; index = taken++) results[index] = await act(all[index] as T);
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
  return results;
}

/** The same in waves, each of which has nothing left to do before the next one comes. */
async function inWaves<T, R>(stage: Stage, all: readonly T[], act: (each: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < all.length; from += wave) {
    results.push(...(await forEach(all.slice(from, from + wave), act)));
    await stage.settled();
  }
  return results;
}

/** Where a sale has been, by element, with the version that each step was taken on. */
async function story(
  stage: Stage,
  { id }: Order,
): Promise<{ version: number; versions: readonly number[]; elements: ReadonlySet<string> }> {
  const instanceId = String((await stage.sale(id)).processInstanceId);
  const { version } = await stage.as('auditor').get(ProcessInstance, `/v1/process-instances/${instanceId}`);
  const { items } = await stage.as('auditor').get(listOf(Step), `/v1/process-instances/${instanceId}/transitions`);
  const elements = items.flatMap(({ trail }) => (trail as JsonObject[]).map(({ elementId }) => elementId as string));
  return { version, versions: [...new Set(items.map((step) => step.version))], elements: new Set(elements) };
}

/** The sales are paid, shipped and delivered, and after that over. */
async function finish(stage: Stage, sales: readonly Order[]): Promise<void> {
  await inWaves(stage, sales, async ({ id }) => {
    const { total } = await stage.sale(id);
    await stage.as('finance').post(`/v1/sale-orders/${id}/captures`, { ...total, reference: `all of ${id}` });
  });
  const shipments = await forEach(sales, (sale) => shipmentOf(stage, sale));
  await inWaves(stage, shipments, ({ id }) => stage.as('warehouse').post(`/v1/fulfilments/${id}/shipments`));
  await inWaves(stage, shipments, ({ id }) => stage.as('warehouse').post(`/v1/fulfilments/${id}/deliveries`));
  await stage.pass({ minutes: 2 });
}

export const versionScenarios: readonly Scenario[] = [
  {
    number: '57',
    title: `a new version of the sale is deployed while ${running} run: those finish on their version, new ones take the new one, and the log says which`,
    paths: [
      `${running} sales finished on version 1: OPEN>RESERVING>AWAITING_PAYMENT>CLEARED>COMPLETED`,
      'OPEN>RESERVING>AWAITING_PAYMENT>CLEARED>COMPLETED',
    ],
    playAlone: async () => {
      const service = await startScenarioService();
      try {
        const stage = createStage(service);
        const customer = (await stage.customer()).id;
        const sku = await stage.product({ stock: 10 * running });
        const ask = (): Promise<Order> => askForOrder(stage, { customer, lines: [{ sku, quantity: 1 }], method: 'PREPAY' });
        const old = await inWaves(stage, Array.from({ length: running }), ask);

        const shipped = await readResources(processesFolder);
        // the task that clears a sale has another id in the new version
        const files = new Map([
          ...shipped,
          ['sale.bpmn', (shipped.get('sale.bpmn') ?? '').replaceAll(/\bs_clear\b/g, 's_clear_anew')],
        ]);
        const deployed = Deployed.parse((await upload(stage.as('analyst'), files)).body);
        expect(deployed.processes.find(({ processId }) => processId === 'sale')).to.include({ version: 2 });
        const latest = await ask();
        await stage.settled();
        await finish(stage, [...old, latest]);

        const stories = await forEach(old, (sale) => story(stage, sale));
        expect(
          stories.filter(({ version, versions }) => version !== 1 || versions.join() !== '1'),
          'not on version 1',
        ).to.deep.equal([]);
        expect(
          stories.filter(({ elements }) => !elements.has('s_clear') || elements.has('s_clear_anew')),
          'another way',
        ).to.deep.equal([]);
        const last = await story(stage, latest);
        expect([last.version, last.versions, last.elements.has('s_clear_anew')]).to.deep.equal([2, [2], true]);
        const paths = new Set(await forEach(old, (sale) => stage.path(sale)));
        return [`${old.length} sales finished on version 1: ${[...paths].join(' ‖ ')}`, await stage.path(latest)];
      } finally {
        await service.close();
      }
    },
  },
];
