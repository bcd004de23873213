import { Customer, QuotationLine } from '../persistence/entities/index.ts';
import { lockQuotation } from '../persistence/orders.ts';
import { handsOf, requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readQuotation } from '../queries/quotation.ts';
import { newId } from '../support/ids.ts';
import { lockOrder } from './lock-order.ts';
import { resolveLines, storedLine, type WantedLine } from './order-lines.ts';
import { perform } from './perform.ts';
import { revised } from './answer.ts';
import { Problem } from '../support/errors.ts';
import type { Deps, Performed, Request } from './unit.ts';

export interface ChangeQuotation {
  readonly quotationId: string;
  readonly lines?: readonly WantedLine[];
  readonly note?: string;
  readonly ifRevision?: number;
}

/** Changes lines or note of a draft. @throws Problem forbidden, not-found, wrong-state when it is no draft any more, revision-mismatch */
export const changeQuotation = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: ChangeQuotation,
): Promise<Performed> =>
  perform(deps, { ...request, name: 'change a quotation', payload: { ...input } as never }, async ({ tx, actor, now }) => {
    requireAnyRole(actor, permissions['change a quotation'], 'change a quotation');
    const order = await lockOrder(tx, 'quotation', input.quotationId, input.ifRevision);
    const quotation = await lockQuotation(tx, order.id);
    if (quotation.workflowState !== 'DRAFT') {
      throw new Problem('wrong-state', `${quotation.number} is ${quotation.workflowState}; only a DRAFT can be changed.`, {
        workflowState: quotation.workflowState,
      });
    }
    if (input.lines) {
      const { tier } = await tx.manager.findOneByOrFail(Customer, { id: quotation.customerId });
      const lines = await resolveLines(tx, { tier, currency: quotation.currency, at: now }, input.lines);
      await tx.manager.delete(QuotationLine, { quotationId: quotation.id });
      await tx.manager.insert(
        QuotationLine,
        lines.map((line, index) => ({ ...storedLine(line), id: newId(), quotationId: quotation.id, lineNo: index + 1 })),
      );
    }
    await tx.execute(
      `update orderflow.quotation set note = coalesce($2, note), revision = revision + 1,
              authors = array(select distinct unnest(authors || $3::text[])) where id = $1`,
      [quotation.id, input.note ?? null, handsOf(actor)],
    );
    return revised(200, await readQuotation(tx, quotation.id));
  });
