import { Quotation, QuotationLine } from '../persistence/entities/index.ts';
import { nextNumber } from '../persistence/orders.ts';
import { handsOf, requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readQuotation } from '../queries/quotation.ts';
import { newId } from '../support/ids.ts';
import { activeCustomer, resolveLines, storedLine, type WantedLine } from './order-lines.ts';
import { perform } from './perform.ts';
import { revised } from './answer.ts';
import { requireSlice } from './slice.ts';
import { startInstance } from './start-instance.ts';
import type { Deps, Performed, Request } from './unit.ts';

export interface CreateQuotation {
  /** Id or code. */
  readonly customerId: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly lines: readonly WantedLine[];
  readonly note?: string;
}

/** Writes a quotation and starts its process. @throws Problem forbidden, not-found, wrong-state, validation-failed */
export const createQuotation = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: CreateQuotation,
): Promise<Performed> =>
  perform(deps, { ...request, name: 'create a quotation', payload: { ...input } as never }, async (unit) => {
    const { tx, actor, now } = unit;
    requireAnyRole(actor, permissions['create a quotation'], 'create a quotation');
    await requireSlice(unit, 'workflow.quotation', 'create a quotation');
    const customer = await activeCustomer(tx, input.customerId);
    const lines = await resolveLines(tx, { tier: customer.tier, currency: input.currency, at: now }, input.lines);
    const id = newId();
    const number = await nextNumber(tx, 'quotation');
    await tx.manager.insert(Quotation, {
      id,
      number,
      customerId: customer.id,
      currency: input.currency,
      note: input.note ?? null,
      createdBy: actor.id,
      authors: handsOf(actor),
      createdAt: now,
    });
    await tx.manager.insert(
      QuotationLine,
      lines.map((line, index) => ({ ...storedLine(line), id: newId(), quotationId: id, lineNo: index + 1 })),
    );
    await startInstance(unit, {
      processId: 'quotation',
      businessKey: number,
      subject: { type: 'quotation', id },
      trigger: 'create',
      variables: {
        quotation: {
          id,
          number,
          customerId: customer.id,
          currency: input.currency,
          offerRevision: 1,
          totalMinor: 0,
          marginBp: 0,
          maxLineDiscountBp: 0,
          validUntil: null,
          remindAt: null,
          result: null,
        },
      },
    });
    return revised(201, await readQuotation(tx, id), `/v1/quotations/${id}`);
  });
