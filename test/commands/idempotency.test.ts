import { expect } from 'chai';
import { createQuotation } from '../../src/commands/create-quotation.ts';
import { aCustomer, aProduct } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

describe('idempotency keys (scenario 56)', () => {
  let world: World;
  let input: Parameters<typeof createQuotation>[2];
  before(async () => {
    world = await openWorld();
    input = {
      customerId: (await aCustomer(world)).id,
      currency: 'EUR',
      lines: [{ sku: (await aProduct(world)).sku, quantity: 1 }],
    };
  });
  after(() => world.close());
  const quotations = async (): Promise<number> => {
    const [row] = await world.database.query<{ n: number }>('select count(*) as n from orderflow.quotation');
    return row?.n ?? 0;
  };

  it('50 identical requests at once make one quotation and 49 replays with the same body', async () => {
    const before = await quotations();
    const answers = await Promise.all(Array.from({ length: 50 }, () => createQuotation(world.deps, by('sales', 'fifty'), input)));
    expect((await quotations()) - before).to.equal(1);
    expect(answers.filter((answer) => answer.replayed)).to.have.length(49);
    expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body['id'], answer.headers]))).size).to.equal(1);
    const [first] = answers;
    for (const answer of answers) expect(JSON.stringify(answer.body), 'byte for byte').to.equal(JSON.stringify(first?.body));
  });

  it('the same key with another body is refused and changes nothing', async () => {
    await createQuotation(world.deps, by('sales', 'other-body'), input);
    const before = await quotations();
    const problem = await problemOf(createQuotation(world.deps, by('sales', 'other-body'), { ...input, note: 'urgent' }));
    expect(problem.code).to.equal('idempotency-key-reused');
    expect(await quotations()).to.equal(before);
  });

  it('the same key of another actor is another key', async () => {
    await createQuotation(world.deps, by('sales', 'shared'), input);
    expect((await createQuotation(world.deps, by('sales-2', 'shared'), input)).replayed).to.equal(false);
  });

  it('a refused request is not stored: the key is free for the corrected one', async () => {
    await problemOf(createQuotation(world.deps, by('sales', 'refused'), { ...input, customerId: 'NOBODY' }));
    expect((await createQuotation(world.deps, by('sales', 'refused'), input)).replayed).to.equal(false);
  });
});
