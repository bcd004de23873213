import { expect } from 'chai';
import { openWorld, type World } from '../helpers/world.ts';
import { aClaim, deployClaim } from '../migration/stage.ts';
import { orderflow, urlOf, type Ran } from './run.ts';

describe('orderflow migrate-instances', function () {
  this.timeout(120_000); // each run of the command line is a process of its own
  let world: World;
  before(async () => {
    world = await openWorld();
    await deployClaim(world, 1);
    for (const place of ['review and check', 'archive', 'decide', 'decide'] as const) await aClaim(world, place);
    await deployClaim(world, 2);
  });
  after(() => world.close());

  const run = (...args: readonly string[]): Promise<Ran> =>
    orderflow(['migrate-instances', ...args], { DATABASE_URL: urlOf(world.target) });
  const versions = async (): Promise<number[]> =>
    (
      await world.database.query<{ version: number }>(
        `select d.version from orderflow.process_instance i join orderflow.process_definition d on d.id = i.process_definition_id
          where i.process_id = 'claim' order by 1`,
      )
    ).map(({ version }) => version);

  it('judges, and touches nothing; says who is refused and why, and exits with 1', async () => {
    const { code, out } = await run('claim', '--accept-suggestions');
    expect(code).to.equal(1);
    expect(out).to.match(/^Migration [\w-]+ of claim to version 2 is planned: 2 refused, 2 migrates\n/);
    expect(out).to.contain('    2  A token is at decide, which version 2 does not have.');
    expect(out).to.match(
      /C-\w+ \(version 1\) {2}Goes on in version 2 at check, late and assess, which was review; remind begins to wait\./,
    );
    expect(await versions()).to.deep.equal([1, 1, 1, 1]);
  });

  it('executes with a reason, takes back by id', async () => {
    const { code, out } = await run(
      'claim',
      '--map',
      'review=assess,decide=audit',
      '--execute',
      '--reason',
      'audited now',
      '--json',
    );
    expect(code).to.equal(0);
    const { migration, isClean } = JSON.parse(out) as { migration: { id: string; status: string }; isClean: boolean };
    expect([migration.status, isClean, await versions()]).to.deep.equal(['executed', true, [2, 2, 2, 2]]);
    const back = await run('--undo', migration.id, '--reason', 'not yet');
    expect([back.code, back.out.split('\n')[0]]).to.deep.equal([
      0,
      `Migration ${migration.id} of claim to version 2 is undone: 4 undone`,
    ]);
    expect(await versions()).to.deep.equal([1, 1, 1, 1]);
  });

  it('says how it is used', async () => {
    expect(await run('claim', '--execute')).to.include({ code: 2 });
    expect((await run('claim', '--map', 'a')).err).to.contain('--map takes pairs such as review=assess; "a" is none.');
    expect((await run('claim', '--to', '7')).err).to.contain('claim has no version 7; it has 2, 1.');
    expect((await run('nothing')).err).to.contain('No process nothing is deployed.');
  });
});
