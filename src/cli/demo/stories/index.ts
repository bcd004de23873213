import type { Story } from '../story.ts';
import { cancelled } from './cancelled.ts';
import { declinedCard } from './declined-card.ts';
import { declinedOffer } from './declined-offer.ts';
import { onTerms } from './on-terms.ts';
import { outOfStock } from './out-of-stock.ts';
import { overLimit } from './over-limit.ts';
import { prepaid } from './prepaid.ts';

/** All stories. They are played at once, so each has a product and a customer's credit to itself (world.ts). */
export const stories: readonly Story[] = [onTerms, prepaid, declinedCard, overLimit, outOfStock, cancelled, declinedOffer];
