import { answer, offer } from '../acts/quotations.ts';
import type { Story } from '../story.ts';

export const declinedOffer: Story = {
  name: 'declined offer',
  title: 'The customer declines the quotation',
  expected: ['REJECTED'],
  play: async (stage) => {
    const quotation = await offer(stage, { customerId: 'NORDWIND', lines: [{ sku: 'PUMP-10', quantity: 1 }] });
    await answer(stage, quotation.id, 'DECLINE', 'Found it cheaper');
  },
};
