import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** Nobody paid in time; undo-commitments gives back what it holds. */
export const saleAbandon = internal('sale.abandon', async ({ job }) => ({
  variables: { sale: { ...variable(job, 'sale'), result: 'CANCELLED' } },
}));
