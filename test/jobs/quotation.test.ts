import { expect } from 'chai';
import { changeQuotation } from '../../src/commands/change-quotation.ts';
import { createQuotation } from '../../src/commands/create-quotation.ts';
import { decideOverride } from '../../src/commands/decide-override.ts';
import { onQuotationApproved } from '../../src/commands/phase-coordinator.ts';
import { revokeApproval } from '../../src/commands/revoke-approval.ts';
import { withdrawQuotation } from '../../src/commands/withdraw-quotation.ts';
import type { WantedLine } from '../../src/commands/order-lines.ts';
import { systemActor } from '../../src/policies/actor.ts';
import { newId } from '../../src/support/ids.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { aCustomer, aProduct, completeAt, statesOf } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

interface Offer {
  readonly id: string;
  readonly number: string;
  readonly instance: string;
}

describe('quotations', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  const make = async (lines: readonly WantedLine[], customer?: string, person = 'sales'): Promise<Offer> => {
    const customerId = customer ?? (await aCustomer(world)).id;
    const { body } = await createQuotation(world.deps, by(person), { customerId, currency: 'EUR', lines });
    return { id: body['id'] as string, number: body['number'] as string, instance: body['processInstanceId'] as string };
  };
  const submit = async (offer: Offer, person = 'sales'): Promise<void> => {
    await completeAt(world, person, offer.instance, 'q_draft');
    await world.drain();
  };
  const answer = async (offer: Offer, given: 'ACCEPT' | 'CHANGES' | 'DECLINE'): Promise<void> => {
    await completeAt(world, 'buyer', offer.instance, 'q_customer', { customer: { answer: given, reason: null } });
    await world.drain();
  };
  const row = async (offer: Offer): Promise<JsonObject> =>
    (await world.database.query<JsonObject>('select * from orderflow.quotation where id = $1', [offer.id]))[0] ?? {};
  const linesOf = (offer: Offer) =>
    world.database.query<{ price: number; tax: number }>(
      'select unit_price_minor as price, tax_bp as tax from orderflow.quotation_line where quotation_id = $1 order by line_no',
      [offer.id],
    );
  const overrides = (offer: Offer) =>
    world.database.query<{ id: string; status: string; requestedBy: string; parties: string[]; scope: JsonObject }>(
      `select id, status, requested_by as "requestedBy", parties, scope from orderflow.override_request where subject_id = $1 order by requested_at, id`,
      [offer.id],
    );
  const price = (sku: string, unitPriceMinor: number, more: { tier?: string; min?: number; from?: string; to?: string } = {}) =>
    world.database.query(
      `insert into orderflow.price (id, sku, currency, tier, min_quantity, unit_price_minor, valid_from, valid_to) values ($1, $2, 'EUR', $3, $4, $5, $6, $7)`,
      [newId(), sku, more.tier ?? null, more.min ?? 1, unitPriceMinor, more.from ?? '2000-01-01', more.to ?? null],
    );
  const tax = (taxClass: string, rateBp: number, from = '2000-01-01') =>
    world.database.query('insert into orderflow.tax_rate (tax_class, valid_from, rate_bp) values ($1, $2, $3)', [
      taxClass,
      from,
      rateBp,
    ]);

  describe('prices', () => {
    it('the list price is the row for tier, quantity and day, else that of the product', async () => {
      const { sku } = await aProduct(world);
      await price(sku, 950, { min: 10 });
      await price(sku, 990, { to: '2001-01-01' });
      await price(sku, 900, { tier: 'GOLD' });
      const gold = await aCustomer(world, { tier: 'GOLD' });
      const plain = await aCustomer(world);
      const offer = async (customer: string, quantity: number) =>
        (await linesOf(await make([{ sku, quantity }], customer)))[0]?.price;
      expect([await offer(plain.id, 5), await offer(plain.id, 10), await offer(gold.id, 5)]).to.deep.equal([1000, 950, 900]);
    });

    it('a price of the list follows it until the offer is sent, a price that somebody named stays and counts as a discount', async () => {
      const { sku } = await aProduct(world);
      const offer = await make([
        { sku, quantity: 1 },
        { sku, quantity: 1, unitPriceMinor: 1000 },
      ]);
      await price(sku, 1040);
      await submit(offer);
      expect(await linesOf(offer)).to.deep.equal([
        { price: 1040, tax: 0 },
        { price: 1000, tax: 0 },
      ]);
      expect(await row(offer)).to.include({ total_minor: 2040, max_line_discount_bp: 384, workflow_state: 'SENT' });
      await price(sku, 1200, { min: 1, from: '2001-01-01' });
      await answer(offer, 'ACCEPT');
      expect(await statesOf(world, offer.id), 'a sent offer binds whatever the list says').to.deep.equal([
        'DRAFT',
        'SENT',
        'APPROVED',
      ]);
    });

    it('the total has the tax of the day on top, the margin is net; the sale has both lines and total', async () => {
      await tax('BOOKS', 700);
      const { sku } = await aProduct(world, { taxClass: 'BOOKS' });
      const offer = await make([{ sku, quantity: 3 }]);
      await submit(offer);
      expect(await row(offer)).to.include({ total_minor: 3210, margin_bp: 4000 });
      await answer(offer, 'ACCEPT');
      const [sale] = await world.database.query(
        `select s.total_minor as total, l.tax_bp as tax, s.fingerprint = q.fingerprint as same from orderflow.sale_order s
           join orderflow.quotation q on q.id = s.quotation_id join orderflow.sale_line l on l.sale_order_id = s.id where s.quotation_id = $1`,
        [offer.id],
      );
      expect(sale).to.deep.equal({ total: 3210, tax: 700, same: true });
    });

    it('another tax by the day of acceptance makes the offer stale: it is put away, and the next one is sent (PRICE_STALE)', async () => {
      await tax('WINE', 1900);
      const { sku } = await aProduct(world, { taxClass: 'WINE' });
      const offer = await make([{ sku, quantity: 1 }]);
      await submit(offer);
      await tax('WINE', 2500, '2001-01-01');
      await answer(offer, 'ACCEPT');
      expect(await row(offer)).to.include({ workflow_state: 'SENT', offer_revision: 2, total_minor: 1250, accepted_at: null });
      expect(
        await world.database.query(
          'select offer_revision as revision, total_minor as total from orderflow.quotation_revision where quotation_id = $1',
          [offer.id],
        ),
      ).to.deep.equal([{ revision: 1, total: 1190 }]);
      await answer(offer, 'ACCEPT');
      expect((await statesOf(world, offer.id)).at(-1)).to.equal('APPROVED');
    });

    it('after a stale acceptance the offer can be withdrawn: it was never accepted', async () => {
      await tax('SALT', 1900);
      const { sku } = await aProduct(world, { taxClass: 'SALT' });
      const offer = await make([{ sku, quantity: 1 }]);
      await submit(offer);
      await tax('SALT', 2500, '2001-01-01');
      await answer(offer, 'ACCEPT');
      await withdrawQuotation(world.deps, by('sales'), { quotationId: offer.id });
      await world.drain();
      expect((await statesOf(world, offer.id)).at(-1)).to.equal('WITHDRAWN');
    });
  });

  describe('changes', () => {
    it('the customer asks for changes: the next offer begins, the first is kept as it was sent (scenario 32)', async () => {
      const { sku } = await aProduct(world);
      const offer = await make([{ sku, quantity: 5 }]);
      await submit(offer);
      await answer(offer, 'CHANGES');
      expect(await statesOf(world, offer.id)).to.deep.equal(['DRAFT', 'SENT', 'UNDER_NEGOTIATION', 'DRAFT']);
      await changeQuotation(world.deps, by('sales'), { quotationId: offer.id, lines: [{ sku, quantity: 7 }] });
      await submit(offer);
      const [first] = await world.database.query<{ lines: { quantity: number }[]; total: number }>(
        'select lines, total_minor as total from orderflow.quotation_revision where quotation_id = $1',
        [offer.id],
      );
      expect([first?.lines[0]?.quantity, first?.total]).to.deep.equal([5, 5000]);
      expect(await row(offer)).to.include({ offer_revision: 2, total_minor: 7000, workflow_state: 'SENT' });
      await world.database
        .query('delete from orderflow.quotation_revision where quotation_id = $1', [offer.id])
        .then(() => expect.fail('an earlier offer was deleted'))
        .catch((error: Error) => expect(error.message).to.include('append-only'));
      await answer(offer, 'ACCEPT');
      expect((await statesOf(world, offer.id)).at(-1)).to.equal('APPROVED');
    });

    it('the customer is reminded once of each offer', async () => {
      const { sku } = await aProduct(world);
      const offer = await make([{ sku, quantity: 5 }]);
      await submit(offer);
      const { remind_at: remindAt, valid_until: validUntil } = (await row(offer)) as unknown as Record<string, Date>;
      expect(remindAt?.getTime()).to.be.lessThan(validUntil?.getTime() ?? 0);
      const [{ now } = { now: new Date() }] = await world.database.query<{ now: Date }>('select orderflow.now() as now');
      await world.pass((remindAt?.getTime() ?? 0) - now.getTime() + 1000);
      await world.drain();
      expect(await row(offer))
        .to.have.property('reminded_at')
        .that.is.a('date');
      expect(
        await world.database.query(`select type from orderflow.event where subject_id = $1 and type = 'quotation.reminded'`, [
          offer.id,
        ]),
      ).to.have.length(1);
    });
  });

  describe('discounts', () => {
    const discounted = async (person = 'sales', discountBp = 1000): Promise<Offer> => {
      const { sku } = await aProduct(world);
      return make([{ sku, quantity: 5, discountBp }], undefined, person);
    };

    it('asks for approval, bound to the lines; the offer uses it up', async () => {
      const offer = await discounted();
      await submit(offer);
      const [asked] = await overrides(offer);
      expect(asked).to.deep.include({ status: 'PENDING', requestedBy: 'sales' });
      expect(asked?.scope).to.include({ maxLineDiscountBp: 1000, totalMinor: 4500 });
      await decideOverride(world.deps, by('sales-2'), {
        overrideRequestId: asked?.id ?? '',
        decision: 'APPROVE',
        reason: 'a good customer',
      });
      await world.drain();
      expect(await statesOf(world, offer.id)).to.deep.equal(['DRAFT', 'AWAITING_PRICE_OVERRIDE', 'SENT']);
      expect((await overrides(offer)).map(({ status }) => status)).to.deep.equal(['CONSUMED']);
    });

    it('whoever wrote on the lines decides on no discount for them, also when somebody else hands the draft in', async () => {
      const { sku } = await aProduct(world);
      const offer = await make([{ sku, quantity: 5 }]);
      await changeQuotation(world.deps, by('sales-2'), {
        quotationId: offer.id,
        lines: [{ sku, quantity: 5, discountBp: 1000 }],
      });
      await submit(offer);
      const [asked] = await overrides(offer);
      expect(asked?.parties).to.have.members(['sales', 'sales-2']);
      const problem = await problemOf(
        decideOverride(world.deps, by('sales-2'), { overrideRequestId: asked?.id ?? '', decision: 'APPROVE', reason: 'mine' }),
      );
      expect(problem.code).to.equal('four-eyes');
    });

    it('an approval that is taken back before it is used sends nothing: the price is looked at anew (OVERRIDE_VOID)', async () => {
      const offer = await discounted();
      await submit(offer);
      const [asked] = await overrides(offer);
      const overrideRequestId = asked?.id ?? '';
      await decideOverride(world.deps, by('sales-2'), { overrideRequestId, decision: 'APPROVE', reason: 'fine' });
      const { body } = await revokeApproval(world.deps, by('sales-2'), { overrideRequestId, reason: 'the wrong customer' });
      expect(body).to.include({ status: 'REVOKED', revokedBy: 'sales-2' });
      await world.drain();
      expect((await statesOf(world, offer.id)).at(-1)).to.equal('AWAITING_PRICE_OVERRIDE');
      expect((await overrides(offer)).map(({ status }) => status)).to.deep.equal(['REVOKED', 'PENDING']);
    });

    it('a rejected discount goes back to the draft, and an approval for old lines does not count for new ones', async () => {
      const offer = await discounted();
      await submit(offer);
      const [first] = await overrides(offer);
      await decideOverride(world.deps, by('sales-2'), {
        overrideRequestId: first?.id ?? '',
        decision: 'REJECT',
        reason: 'too much',
      });
      await world.drain();
      expect((await statesOf(world, offer.id)).at(-1)).to.equal('DRAFT');
      await submit(offer);
      expect((await overrides(offer)).map(({ status }) => status)).to.deep.equal(['REJECTED', 'PENDING']);
    });

    it('nobody decides in time: the request expires and the draft is open again', async () => {
      const offer = await discounted();
      await submit(offer);
      await world.pass(5 * 86_400_000);
      await world.drain();
      expect((await overrides(offer)).map(({ status }) => status)).to.deep.equal(['EXPIRED']);
      expect((await statesOf(world, offer.id)).at(-1)).to.equal('DRAFT');
    });
  });

  it('one that is handed over once more has one sale order', async () => {
    const { sku } = await aProduct(world);
    const offer = await make([{ sku, quantity: 5 }]);
    await submit(offer);
    await answer(offer, 'ACCEPT');
    const sales = () =>
      world.database.query<{ id: string }>('select id from orderflow.sale_order where quotation_id = $1', [offer.id]);
    const [sale] = await sales();
    const again = await world.database.transaction(async (tx) => {
      const now = await tx.now();
      const unit = { tx, deps: world.deps, actor: systemActor('test'), commandId: null, traceparent: null, now, steps: [] };
      return onQuotationApproved(unit, offer.id, now);
    });
    expect(again).to.equal(sale?.id);
    expect(await sales()).to.have.length(1);
  });
});
