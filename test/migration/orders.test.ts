import { expect } from 'chai';
import { deploy } from '../../src/commands/deploy.ts';
import { executeMigration, undoMigrations } from '../../src/commands/migration/batches.ts';
import { decideOverride } from '../../src/commands/decide-override.ts';
import { recordCapture } from '../../src/commands/record-capture.ts';
import { processesFolder, readResources } from '../../src/resources.ts';
import { findingsOf } from '../helpers/audit.ts';
import { aCustomer, aSaleOrder, statesOf } from '../helpers/builders.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import { migrationOf, planned, rowsOf, work } from './stage.ts';

/** In the new version of the sale, the task that clears it and the decision on its credit have other ids. */
const mapping = { s_clear: 's_clear_anew', s_credit_override: 's_credit_decision' };

describe('running orders are migrated', function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  async function newVersion(): Promise<string> {
    const shipped = await readResources(processesFolder);
    const [from, to] = [shipped.get('sale.bpmn') ?? '', /\b(s_clear|s_credit_override)\b/g];
    const changed = from.replaceAll(to, (id) => mapping[id as keyof typeof mapping]);
    await deploy(world.database, new Map([...shipped, ['sale.bpmn', changed]]), 'analyst');
    const [row] = await world.database.query<{ id: string }>(
      `select id from orderflow.process_definition where process_id = 'sale' order by version desc limit 1`,
    );
    return row?.id ?? '';
  }
  const last = async (id: string) => (await statesOf(world, id)).at(-1);

  it('each stands where it stood, keeps its deadline and its override, and goes on by the new version', async () => {
    const paying = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    const poor = await aCustomer(world, { limitMinor: 4_500 });
    const held = await aSaleOrder(world, { customer: poor.id, paymentMethod: 'TERMS' });
    await world.drain();
    expect([await last(paying.id), await last(held.id)]).to.deep.equal(['AWAITING_PAYMENT', 'AWAITING_CREDIT_OVERRIDE']);
    const due = () =>
      world.database.query(
        `select element_id, due_at, override_request_id from orderflow.wait where instance_id = any($1) and status = 'open' and kind in ('timer', 'user')
          order by due_at, override_request_id`,
        [[paying.processInstanceId, held.processInstanceId]],
      );
    const before = await due();
    const target = await newVersion();
    const id = await planned(world, { targetDefinitionId: target, mapping, reason: 'the diagram reads better' });
    expect((await rowsOf(world, id)).map(({ verdict }) => verdict)).to.deep.equal(['migrates', 'migrates']);
    await executeMigration(world.deps, by('operator'), { migrationId: id });
    await work(world);
    expect((await migrationOf(world, id))['progress']).to.deep.include({ outcomes: { migrated: 2 } });
    const names = JSON.stringify(before).replaceAll(
      /"(s_clear|s_credit_override)"/g,
      (quoted) => `"${mapping[quoted.slice(1, -1) as keyof typeof mapping]}"`,
    );
    expect(JSON.stringify(await due())).to.equal(names);
    expect(await findingsOf(world)).to.deep.equal([]);

    const [sale] = await world.database.query<{ total: number }>(
      'select total_minor as total from orderflow.sale_order where id = $1',
      [paying.id],
    );
    await recordCapture(world.deps, by('finance'), {
      saleOrderId: paying.id,
      amountMinor: sale?.total ?? 0,
      currency: 'EUR',
      reference: 'all of it',
    });
    const [request] = await world.database.query<{ id: string }>(
      `select override_request_id as id from orderflow.wait where instance_id = $1 and override_request_id is not null and status = 'open'`,
      [held.processInstanceId],
    );
    await decideOverride(world.deps, by('credit'), {
      overrideRequestId: request?.id ?? '',
      decision: 'APPROVE',
      reason: 'an old customer',
    });
    await world.drain();
    expect([await last(paying.id), await last(held.id)]).to.deep.equal(['CLEARED', 'CLEARED']);
    expect(await findingsOf(world)).to.deep.equal([]);
  });

  it('taken back, they go on by the old one', async () => {
    const paying = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await world.drain();
    const target = await newVersion();
    const id = await planned(world, { targetDefinitionId: target, mapping, reason: 'the diagram reads better' });
    await executeMigration(world.deps, by('operator'), { migrationId: id });
    await work(world);
    await undoMigrations(world.deps, by('operator'), { migrationId: id, reason: 'it does not' });
    await work(world);
    expect((await migrationOf(world, id))['progress']).to.deep.include({ undone: { undone: 1 } });
    await world.pass(40 * 86_400_000);
    await world.drain();
    expect(await last(paying.id)).to.be.oneOf(['CANCELLED', 'REJECTED']);
    expect(await findingsOf(world)).to.deep.equal([]);
  });
});
