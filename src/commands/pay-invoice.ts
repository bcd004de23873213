import { releaseHeldFulfilments } from '../persistence/fulfilments.ts';
import { lockInvoice, payInvoice as enterPayment } from '../persistence/invoices.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { invoiceId, readInvoice } from '../queries/invoice.ts';
import { Problem } from '../support/errors.ts';
import { revised } from './answer.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request } from './unit.ts';

/**
 * Records money that finance has seen arrive for an invoice. What exceeds it is the customer's money on account. Orders and shipments that wait for the customer to
 * owe less are woken. The same reference is the same money. @throws Problem forbidden, not-found, reference-reused
 */
export const payInvoice = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: {
    /** Id or number. */
    readonly invoiceId: string;
    readonly amountMinor: number;
    readonly reference: string;
  },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'record an invoice payment', payload: { ...input } }, async ({ tx, actor, now }) => {
    requireAnyRole(actor, permissions['record an invoice payment'], 'record an invoice payment');
    const invoice = await lockInvoice(tx, await invoiceId(tx, input.invoiceId));
    const { knownMinor } = await enterPayment(tx, invoice, input.amountMinor, input.reference, now);
    if (knownMinor !== undefined && knownMinor !== input.amountMinor) {
      throw new Problem(
        'reference-reused',
        `The reference ${input.reference} stands for ${knownMinor} minor units on ${invoice.number}. One reference is one movement of money.`,
      );
    }
    const { customerId } = await tx.one<{ customerId: string }>(
      'select customer_id as "customerId" from orderflow.credit_profile where id = $1',
      [invoice.creditProfileId],
    );
    const source = `invoice:${invoice.number}:${input.reference}`;
    await releaseHeldFulfilments(tx, { customerId, currency: invoice.currency, source });
    return revised(knownMinor === undefined ? 201 : 200, await readInvoice(tx, invoice.id));
  });
