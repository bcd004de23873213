import { internal } from '../handler.ts';
import { variable } from '../variables.ts';

/** Its validity is over. */
export const quotationExpire = internal('quotation.expire', async ({ job }) => ({
  variables: { quotation: { ...variable(job, 'quotation'), result: 'EXPIRED' } },
}));
