import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** The customer does not want it. */
export const quotationDecline = internal('quotation.decline', async ({ job }) => ({
  variables: { quotation: { ...variable(job, 'quotation'), result: 'DECLINED' } },
}));
