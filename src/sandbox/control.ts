import { z } from 'zod';
import type { JsonObject } from '../support/json.ts';

const count = z.int().min(0).default(0);

/**
 * How the world misbehaves. Counters count down as they are used; `delayMs` and `repeatWebhooks` stay. A rule with `only` applies to
 * requests that have these members, such as `{operation: 'payment.request', reference: 'S-000001'}`.
 */
const ruleSchema = z.strictObject({
  only: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  /** So many requests are declined: payments, captures, refunds and bookings. */
  declineNext: count,
  /** So many requests are answered with 503 after their effect was done. */
  failNext: count,
  /** So many requests are answered with 503 and nothing is done. */
  failBeforeNext: count,
  /** So many requests are never answered, although their effect was done. */
  timeoutNext: count,
  /** Waited before the effect; a caller that gives up meanwhile does not stop it. */
  delayMs: z.int().min(0).max(600_000).default(0),
  /** How many more times each event is delivered after it was accepted. */
  repeatWebhooks: count,
});

/** The body of `PUT /control`: one rule or several; the first that fits a request and has something left applies. */
export const controlRequest = ruleSchema.or(z.array(ruleSchema).max(100));

type Rule = z.infer<typeof ruleSchema>;
type Counter = 'declineNext' | 'failNext' | 'failBeforeNext' | 'timeoutNext';

/** The facts of one request that `only` is compared with: the operation, the reference and the members of the body. */
export type Subject = Readonly<Record<string, unknown>>;

export interface Control {
  /** Replaces all rules; an empty object or list restores good behaviour. */
  replace(rules: z.infer<typeof controlRequest>): void;
  rules(): JsonObject;
  /** True as often as a fitting counter says, counting down. */
  take(counter: Counter, subject: Subject): boolean;
  /** The value in force for a request. */
  setting(name: 'delayMs' | 'repeatWebhooks', subject: Subject): number;
}

export function createControl(): Control {
  let rules: Rule[] = [];
  const find = (name: keyof Omit<Rule, 'only'>, subject: Subject) => rules.find((rule) => rule[name] > 0 && fits(rule, subject));
  return {
    replace: (wanted) => {
      rules = Array.isArray(wanted) ? wanted : [wanted];
    },
    rules: () => ({ rules: rules.map((rule) => ({ ...rule })) }),
    take: (counter, subject) => {
      const rule = find(counter, subject);
      if (rule) rule[counter] -= 1;
      return rule !== undefined;
    },
    setting: (name, subject) => find(name, subject)?.[name] ?? 0,
  };
}

const fits = (rule: Rule, subject: Subject): boolean =>
  Object.entries(rule.only).every(([name, value]) => subject[name] === value);
