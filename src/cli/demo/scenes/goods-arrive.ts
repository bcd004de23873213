import { receive } from '../acts/stock.ts';
import type { Story } from '../story.ts';

/** What lies where before anybody buys: enough of most, too little of some, and nothing of what is to be waited for. */
const deliveries: readonly (readonly [sku: string, quantity: number, location?: string])[] = [
  ['FAN-300', 200],
  ['DUCT-2', 300],
  ['GRILLE-60', 200],
  ['MANUAL-EN', 100],
  ['REFRIGERANT', 20],
  ['COVER-FIT', 20],
  ['CHILLER-40', 30],
  ['DAMPER-E', 2],
  ['CONTROLLER', 8],
  ['HUMIDIFIER', 3],
  ['HUMIDIFIER', 5, 'NORTH'],
  ['FAN-300', 40, 'NORTH'],
];

export const goodsArrive: Story = {
  name: 'goods arrive',
  title: 'Goods arrive at both warehouses',
  expected: [],
  play: async (stage) => {
    for (const [sku, quantity, location] of deliveries) await receive(stage, sku, quantity, location);
  },
};
