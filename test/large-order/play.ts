import { expect } from 'chai';
import { z } from 'zod';
import { createRandom, type Random } from '../kill/random.ts';
import { acceptOffer, complete, quote, read } from '../scenarios/acts.ts';
import { creditOf } from '../scenarios/credit.ts';
import { deliver, fulfilmentsOf, inspect, pick, requestReturn, ship } from '../scenarios/shipping.ts';
import type { Order, Stage } from '../scenarios/stage.ts';
import { createModel, type LineFacts, type Model } from './model.ts';

const unitPriceMinor = 1_000;
const products = 100;
/** Of a third of the products there is half of what is wanted. */
const isScarce = (product: number): boolean => product % 3 === 0;

const Lines = z.array(
  z.looseObject({
    lineNo: z.int(),
    quantity: z.int(),
    reserved: z.int(),
    backordered: z.int(),
    shipped: z.int(),
    delivered: z.int(),
    lost: z.int(),
    returned: z.int(),
    returnRequested: z.int(),
  }),
);

/**
 * An order of many lines: quoted, reserved as far as the stock goes, shipped in three parts (what was there and was found; what was not found at first, which is
 * lost on the way; what arrived later), and partly returned. After each act its lines and its phase are held against a model that knows nothing of the service.
 */
export async function playLargeOrder(stage: Stage, { lineCount, seed }: { lineCount: number; seed: number }): Promise<Order> {
  const random = createRandom(seed);
  const customer = await stage.customer({ limitMinor: 100_000_000 });
  const wanted = Array.from({ length: lineCount }, (_, index) => ({ product: index % products, quantity: random.between(2, 6) }));
  const skus = await Promise.all(
    Array.from({ length: Math.min(products, lineCount) }, (_, product) => {
      const asked = wanted.filter((line) => line.product === product).reduce((sum, { quantity }) => sum + quantity, 0);
      return stage.product({ stock: isScarce(product) ? Math.floor(asked / 2) : asked, returnWindowSeconds: 86_400 });
    }),
  );
  const lines = wanted.map(({ product, quantity }) => ({ sku: skus[product] ?? '', quantity }));
  const quotation = await quote(stage, { customer: customer.id, lines });
  const sale = await acceptOffer(stage, quotation);
  const first = Lines.parse((await stage.sale(sale.id)).lines);
  const model = createModel(
    first.map(({ lineNo, quantity, reserved, backordered }) => ({ lineNo, ordered: quantity, reserved, backordered })),
  );
  const check = (): Promise<void> => compare(stage, sale, model);
  await check();

  const [there, later] = await fulfilmentsOf(stage, sale);
  if (!there || !later) throw new Error('It was not split.');
  // what is short in the shelf is not short in the house: else it would have to wait behind the rest of its own order
  const plenty = model.lines().filter(({ lineNo, reserved }) => reserved > 1 && !isScarce(wanted[lineNo - 1]?.product ?? 0));
  const short = someOf(random, 8, plenty, ({ reserved }) => random.between(1, reserved - 1));
  model.pickShort(short);
  await pick(
    stage,
    there,
    Object.fromEntries(first.flatMap(({ lineNo, reserved }) => (short[lineNo] ? [[lineNo, reserved - short[lineNo]]] : []))),
  );
  await complete(stage, 'warehouse', there);
  model.ship('there');
  await check();
  await deliver(stage, there);
  model.deliver('there');
  await check();

  const child = (await fulfilmentsOf(stage, sale)).find(({ id }) => id !== there.id && id !== later.id);
  if (!child) throw new Error('What was not found did not become a shipment.');
  await ship(stage, child);
  model.ship('child');
  await stage.outside.parcel(child.number, 'exception');
  await stage.settled();
  await complete(stage, 'warehouse', child, { exception: { resolution: 'LOST' } });
  model.lose('child');
  await check();

  const scarce = skus.filter((_, product) => isScarce(product));
  const rest = { quantity: 10 * lineCount };
  await Promise.all(
    scarce.map((sku) => stage.as('warehouse').post(`/v1/stock/${sku}/receipts`, { ...rest, reference: `rest of ${sku}` })),
  );
  await stage.settled();
  await ship(stage, later);
  model.ship('later');
  await check();
  await deliver(stage, later);
  model.deliver('later');
  await check();

  for (const [name, fulfilment] of [
    ['there', there],
    ['later', later],
  ] as const) {
    const back = someOf(random, 10, model.carried(name), ({ pieces }) => random.between(1, pieces));
    const returned = await requestReturn(stage, fulfilment, { lines: back, reason: 'DAMAGED_IN_TRANSIT' });
    model.requestReturn(name, back);
    await check();
    const found = Object.fromEntries(
      Object.entries(back).map(([lineNo, pieces]) => [lineNo, { accepted: random.between(0, pieces), good: 0 }]),
    );
    await inspect(stage, returned, found);
    model.takeBack(back, Object.fromEntries(Object.entries(found).map(([lineNo, { accepted }]) => [lineNo, accepted])));
    await check();
  }
  await stage.pass({ days: 2 });
  model.end();
  await check();
  const { unpaidInvoices, openOrders } = await creditOf(stage, customer.code);
  expect([unpaidInvoices.amountMinor, openOrders.amountMinor], 'owed and held').to.deep.equal([model.kept() * unitPriceMinor, 0]);
  return sale;
}

/** Some of the lines, at least one, with so many pieces of each. */
function someOf<T extends { readonly lineNo: number }>(
  random: Random,
  percent: number,
  lines: readonly T[],
  pieces: (line: T) => number,
): Record<number, number> {
  const chosen = lines.filter((_, index) => index === 0 || random.chance(percent));
  return Object.fromEntries(chosen.map((line) => [line.lineNo, pieces(line)]));
}

async function compare(stage: Stage, sale: Order, model: Model): Promise<void> {
  const { workflowState, fulfilmentStatus, returnStatus, lines } = await stage.sale(sale.id);
  expect({ workflowState, fulfilmentStatus, returnStatus }).to.deep.equal(model.phase());
  const facts = Lines.parse(lines).map(
    ({ lineNo, reserved, backordered, shipped, delivered, lost, returned, returnRequested }): LineFacts => ({
      lineNo,
      reserved,
      backordered,
      shipped,
      delivered,
      lost,
      returned,
      returnRequested,
    }),
  );
  const differing = model.lines().flatMap((line, index) => {
    const fact = facts[index];
    return JSON.stringify(fact) === JSON.stringify(line) ? [] : [{ model: line, service: fact }];
  });
  expect(differing.slice(0, 3)).to.deep.equal([]);
  const states = await Promise.all(
    (await fulfilmentsOf(stage, sale)).map(async (each) => (await read(stage, each)).workflowState),
  );
  expect(states).to.have.members(model.shipments());
}
