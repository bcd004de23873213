import type { Story } from '../story.ts';
import { fulfilmentScenes } from './fulfilments.ts';
import { goodsArrive } from './goods-arrive.ts';
import { quotationScenes } from './quotations.ts';
import { returnScenes } from './returns.ts';
import { saleScenes } from './sales.ts';

/** What happens before the others begin. */
export const opening: Story = goodsArrive;

/** Short stories that leave an order in each state that one can rest in; in any order, several at once. */
export const scenes: readonly Story[] = [...quotationScenes, ...saleScenes, ...fulfilmentScenes, ...returnScenes];
