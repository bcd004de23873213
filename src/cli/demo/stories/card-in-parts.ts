import { shipAndDeliver } from '../acts/fulfilments.ts';
import { bothShipmentsOf, money, order, readSale, saleIn } from '../acts/sale-orders.ts';
import { ensureFree, receive } from '../acts/stock.ts';
import { check, type Stage } from '../stage.ts';
import type { Story } from '../story.ts';

const sku = 'BOILER-6';
const priceMinor = 18_300; // list price of BOILER-6
const missing = 2;

export const cardInParts: Story = {
  name: 'card in parts',
  title: 'The card is authorised for all of it, and captured for each shipment as it leaves',
  expected: ['COMPLETED', 'COMPLETED', 'COMPLETED'],
  needsSandbox: true,
  play: async (stage) => {
    const { free } = await ensureFree(stage, sku, 3);
    const { id } = await order(stage, {
      customerId: 'UPLAND',
      lines: [{ sku, quantity: free + missing }],
      paymentMethod: 'CARD',
    });
    const [first, second] = await bothShipmentsOf(stage, id);
    await hasTaken(stage, id, 0);
    await shipAndDeliver(stage, first);
    await hasTaken(stage, id, free * priceMinor);
    await receive(stage, sku, missing);
    await shipAndDeliver(stage, second);
    await saleIn(stage, id, 'COMPLETED');
    await hasTaken(stage, id, (free + missing) * priceMinor);
  },
};

async function hasTaken(stage: Stage, id: string, amountMinor: number): Promise<void> {
  const { number, captured } = await readSale(stage, id);
  stage.say(`${number} has taken ${money(captured.amountMinor)} from the card`);
  check(captured.amountMinor === amountMinor, `${number} has taken ${captured.amountMinor} from the card, not ${amountMinor}.`);
}
