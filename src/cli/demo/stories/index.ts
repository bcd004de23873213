import type { Story } from '../story.ts';
import { blockedCustomer } from './blocked-customer.ts';
import { cancelled } from './cancelled.ts';
import { cardInParts } from './card-in-parts.ts';
import { chargeback } from './chargeback.ts';
import { creditFreed } from './credit-freed.ts';
import { declinedCard } from './declined-card.ts';
import { declinedOffer } from './declined-offer.ts';
import { fourEyes } from './four-eyes.ts';
import { lost } from './lost.ts';
import { negotiated } from './negotiated.ts';
import { onTerms } from './on-terms.ts';
import { outOfStock } from './out-of-stock.ts';
import { overLimit } from './over-limit.ts';
import { prepaid } from './prepaid.ts';
import { reduced } from './reduced.ts';
import { returned } from './returned.ts';
import { safetyStock } from './safety-stock.ts';
import { shortPick } from './short-pick.ts';
import { twoReturns } from './two-returns.ts';

/** All stories. They are played at once, so each has a product and a customer's credit to itself (master-data.ts). */
export const stories: readonly Story[] = [
  onTerms,
  prepaid,
  declinedCard,
  overLimit,
  outOfStock,
  cancelled,
  declinedOffer,
  negotiated,
  blockedCustomer,
  safetyStock,
  reduced,
  cardInParts,
  shortPick,
  lost,
  returned,
  twoReturns,
  chargeback,
  creditFreed,
  fourEyes,
];
