import type { LegacyEvent, LegacyFulfilment, LegacyQuotation, LegacyReturn, LegacySale } from './legacy.ts';
import type { Entity } from './records.ts';
import type { Target } from './status-map.ts';

/** An order of the old system over all its phases; it is adopted as a whole, or not at all. */
export interface Case {
  readonly quotation: (LegacyQuotation & Placed) | null;
  readonly sale: (LegacySale & Placed) | null;
  readonly fulfilments: readonly CaseFulfilment[];
  /** When credit was promised; holds are taken in this order. */
  readonly confirmedAt: Date;
  /** Every record that it was made of. */
  readonly records: readonly { readonly entity: Entity; readonly key: string; readonly digest: string }[];
}

/** Where something stands here, and in which states it was before. */
export interface Placed {
  readonly target: Target;
  readonly events: readonly LegacyEvent[];
}

export type CaseFulfilment = Omit<LegacyFulfilment, 'returns'> & Placed & { readonly returns: readonly CaseReturn[] };
export type CaseReturn = LegacyReturn & Placed;
