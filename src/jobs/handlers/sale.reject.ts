import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** The sale is refused; undo-commitments gives back what it holds. */
export const saleReject = internal('sale.reject', async ({ job }) => ({
  variables: { sale: { ...variable(job, 'sale'), result: 'REJECTED' } },
}));
