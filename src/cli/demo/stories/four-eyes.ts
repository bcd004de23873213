import { Delegation } from '../../../contract/delegation.ts';
import { OverrideRequest } from '../../../contract/override-request.ts';
import { ensureHeadroom } from '../acts/credit.ts';
import { approve, pendingOverride } from '../acts/overrides.ts';
import { completeSale, order, saleIn } from '../acts/sale-orders.ts';
import { ensureFree } from '../acts/stock.ts';
import { Refused } from '../client.ts';
import { StoryFailed } from '../story-failed.ts';
import type { Story } from '../story.ts';

const sku = 'COUPLER-2';
const quantity = 8;

export const fourEyes: Story = {
  name: 'four eyes',
  title: "An administrator's order for a blocked customer: whoever stands in for them may not let it pass in their name",
  expected: ['COMPLETED', 'COMPLETED'],
  play: async (stage) => {
    await ensureFree(stage, sku, quantity);
    await ensureHeadroom(stage, 'BIRCH', quantity * 2_150);
    const { id, createdAt } = await order(stage, { customerId: 'BIRCH', lines: [{ sku, quantity }] }, 'admin');
    const sale = await saleIn(stage, id, 'AWAITING_ADMIN_OVERRIDE');
    const validUntil = new Date(Date.parse(createdAt) + 3_600_000).toISOString();
    await stage.as('admin').post(Delegation, '/v1/delegations', { delegate: 'admin-2', validUntil });
    const { id: request } = await pendingOverride(stage, sale);
    stage.say(`${sale.number} admin-2 for admin: tries to approve`);
    const refusal = await stage
      .as('admin-2', 'admin')
      .post(OverrideRequest, `/v1/override-requests/${request}/approval`, { reason: 'They have asked me to' })
      .catch((error: unknown) => error);
    if (!(refusal instanceof Refused) || refusal.code !== 'four-eyes')
      throw new StoryFailed(`${sale.number}: who acts for the one who asked was not refused by four eyes (${String(refusal)}).`);
    await approve(stage, 'admin-2', sale, 'I have called them; it is in order');
    await completeSale(stage, id);
  },
};
