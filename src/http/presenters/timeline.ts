import { hasAnyRole } from '../../policies/actor.ts';
import { readPermissions } from '../../policies/roles.ts';
import type { JsonObject } from '../../support/json.ts';
import type { Presenter } from '../route.ts';

/** Decisions that were made on what stands in a credit profile. */
const onCredit: readonly string[] = ['credit-check', 'fulfilment-release'];

/** Leaves out on which facts credit was decided for those who may not read credit profiles; that it was, and how, stays. */
export const presentTimeline: Presenter = (timeline, actor) => {
  if (hasAnyRole(actor, [...readPermissions['read credit profiles'], 'analyst'])) return timeline;
  const items = timeline['items'] as unknown as readonly (JsonObject & { readonly decisions?: readonly JsonObject[] })[];
  return {
    ...timeline,
    items: items.map((item) => (item.decisions ? { ...item, decisions: item.decisions.map(withoutFacts) } : item)),
  };
};

function withoutFacts(decision: JsonObject): JsonObject {
  if (!onCredit.includes(decision['decisionId'] as string)) return decision;
  const { inputs: _inputs, matchedRules: _rules, ...rest } = decision;
  return rest;
}
