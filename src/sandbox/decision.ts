import type { JsonObject } from '../support/json.ts';
import type { Answer } from './router.ts';

/** What an operation decided, before it is remembered; each service adds the things that it changed. */
export interface Decision {
  /** `unchanged`: there was nothing left to do, such as a void of what is void. */
  readonly outcome: 'done' | 'declined' | 'unchanged';
  readonly answer: Answer;
  /** What it is about: in the customer's words, and in ours where there is a thing to name. */
  readonly reference: string;
  readonly providerReference: string | null;
  readonly amountMinor?: number;
  readonly currency?: string;
  /** What the customer is told about it later. */
  readonly event?: { readonly type: string; readonly data: JsonObject };
}
