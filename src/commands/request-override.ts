import { excessMinor } from '../domain/credit.ts';
import { shipmentValue } from '../persistence/captures.ts';
import { lockCreditProfile } from '../persistence/credit.ts';
import { OverrideRequest } from '../persistence/entities/index.ts';
import { flagsOf } from '../persistence/flags.ts';
import { lockSaleOrder, readFulfilment } from '../persistence/orders.ts';
import { fulfilmentFingerprint, openOverride, type NewOverrideRequest } from '../persistence/overrides.ts';
import { handsOf, requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readOverrideRequest } from '../queries/override-request.ts';
import { createOracle } from '../rules/index.ts';
import { Problem } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import { isJsonObject } from '../support/json.ts';
import { revised } from './answer.ts';
import { lockOrder, type LockedOrder } from './lock-order.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request, Unit } from './unit.ts';

export interface RequestOverride {
  readonly kind: 'ADMIN' | 'CREDIT';
  /** Id or number. */
  readonly subject: { readonly type: 'sale_order' | 'fulfilment'; readonly id: string };
  /** What is to be let pass: `release` of a shipment, `overcaptureMinor` on top of a sale's total; nothing for CREDIT. */
  readonly scope: { readonly release?: true; readonly overcaptureMinor?: number };
  readonly reason: string;
}

/**
 * Asks somebody else to let something pass that no diagram asks for by itself: a shipment on hold, money beyond a sale's total, credit for a sale that waits for it.
 * The table override-approver says who decides. @throws Problem forbidden, not-found, wrong-state, validation-failed
 */
export const requestOverride = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: RequestOverride,
): Promise<Performed> =>
  perform(deps, { ...request, name: 'request an override', payload: { ...input } }, async (unit) => {
    const { tx, actor, now } = unit;
    requireAnyRole(actor, permissions['request an override'], 'request an override');
    const order = await lockOrder(tx, input.subject.type, input.subject.id);
    const { kind } = input;
    await requireFlag(unit, kind);
    const asked = await askedFor(unit, order, input);
    const open = await tx.manager.findOneBy(OverrideRequest, { subjectId: order.id, kind, status: 'PENDING' });
    if (open) {
      throw new Problem('wrong-state', `${order.number} has a ${kind} request already, which is not decided yet.`, {
        overrideRequestId: open.id,
      });
    }
    const { decisions } = await unit.deps.definitions.byId(tx, order.instance.processDefinitionId);
    const { value } = createOracle({ decisions, now }).decide(
      'override-approver',
      { kind, amountMinor: asked.scopeAmountMinor, askedRole: kind === 'CREDIT' ? roleAskedFor(order.instance) : null },
      order.number,
    );
    const rule = value as unknown as { approverRole: string; approvals: number; decideHours: number; useDays: number };
    const id = newId();
    await openOverride(tx, {
      ...asked,
      id,
      kind,
      subjectType: input.subject.type,
      subjectId: order.id,
      subjectNumber: order.number,
      reason: input.reason,
      requestedBy: actor.id,
      requestedOnBehalfOf: actor.onBehalfOf ?? null,
      requestedAt: now,
      requiredRole: rule.approverRole,
      requiredApprovals: rule.approvals,
      decideHours: rule.decideHours,
      useDays: rule.useDays,
      decisionRecordId: null,
    });
    return revised(201, await readOverrideRequest(tx, id), `/v1/override-requests/${id}`);
  });

/** @throws Problem flag-off */
async function requireFlag({ tx }: Unit, kind: RequestOverride['kind']): Promise<void> {
  const flag = kind === 'ADMIN' ? 'overrides.admin' : 'overrides.credit';
  if ((await flagsOf(tx))[flag]) return;
  throw new Problem('flag-off', `The flag ${flag} is off, so nobody can ask for such an override.`, { flag });
}

type Asked = Pick<NewOverrideRequest, 'subjectFingerprint' | 'scope' | 'reasonCode' | 'parties'> & {
  readonly scopeAmountMinor: number;
};

/** What exactly is asked for, bound to the order as it is now. @throws Problem wrong-state, validation-failed */
async function askedFor(unit: Unit, order: LockedOrder, { kind, subject, scope }: RequestOverride): Promise<Asked> {
  if (kind === 'ADMIN' && subject.type === 'fulfilment' && scope.release === true) return releaseOf(unit, order);
  if (kind === 'ADMIN' && subject.type === 'sale_order' && scope.overcaptureMinor !== undefined)
    return overcaptureOf(unit, order, scope.overcaptureMinor);
  if (kind === 'CREDIT' && subject.type === 'sale_order') return creditFor(unit, order);
  const message =
    'can be {"release": true} for a fulfilment, {"overcaptureMinor": <amount>} for a sale order, both of kind ADMIN, or {} for a sale order of kind CREDIT';
  throw new Problem('validation-failed', `The scope ${message}.`, { errors: [{ pointer: '/scope', message }] });
}

async function releaseOf({ tx, actor }: Unit, order: LockedOrder): Promise<Asked> {
  const { shippedAt, closedAt, saleOrderId } = await readFulfilment(tx, order.id);
  if (shippedAt !== null || closedAt !== null) refuse(order, 'nothing holds it back any more.');
  const sale = await lockSaleOrder(tx, saleOrderId);
  return {
    subjectFingerprint: await fulfilmentFingerprint(tx, order.id),
    scope: { release: true },
    scopeAmountMinor: await shipmentValue(tx, order.id),
    reasonCode: 'RELEASE',
    parties: partiesOf(actor, sale),
  };
}

async function overcaptureOf({ tx, actor }: Unit, order: LockedOrder, overcaptureMinor: number): Promise<Asked> {
  const sale = await lockSaleOrder(tx, order.id);
  if (sale.closedAt !== null) refuse(order, 'it takes no money any more.');
  return {
    subjectFingerprint: sale.fingerprint,
    scope: { overcaptureMinor },
    scopeAmountMinor: overcaptureMinor,
    reasonCode: 'OVERCAPTURE',
    parties: partiesOf(actor, sale),
  };
}

/** Credit is asked for as a whole: whoever approves lets the order pass, over the limit or not. */
async function creditFor({ tx, actor }: Unit, order: LockedOrder): Promise<Asked> {
  if (order.workflowState !== 'CREDIT_HOLD') refuse(order, 'credit is asked for only while it waits for it (CREDIT_HOLD).');
  const sale = await lockSaleOrder(tx, order.id);
  const profile = await lockCreditProfile(tx, sale.customerId, sale.currency);
  const amountMinor = Math.max(sale.onTermsMinor, excessMinor(profile, sale.onTermsMinor));
  return {
    subjectFingerprint: sale.fingerprint,
    scope: { excessMinor: amountMinor },
    scopeAmountMinor: amountMinor,
    reasonCode: 'CREDIT_HOLD',
    parties: partiesOf(actor, sale),
  };
}

/** The role that the last credit check asked for: a small amount does not undercut it. */
function roleAskedFor({ variables }: LockedOrder['instance']): string | null {
  const { credit } = variables;
  const role = isJsonObject(credit) ? credit['approverRole'] : null;
  return typeof role === 'string' ? role : null;
}

const partiesOf = (actor: Unit['actor'], sale: { readonly createdBy: string; readonly authors: readonly string[] }): string[] => [
  ...new Set([...handsOf(actor), sale.createdBy, ...sale.authors]),
];

function refuse({ number, workflowState }: LockedOrder, why: string): never {
  throw new Problem('wrong-state', `${number} is ${workflowState}: ${why}`, { workflowState });
}
