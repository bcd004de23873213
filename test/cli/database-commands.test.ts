import { expect } from 'chai';
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createEmptyDatabase, openTestDatabase } from '../helpers/database.ts';
import { orderflow, root, urlOf } from './run.ts';

describe('orderflow migrate, deploy and audit', function () {
  this.timeout(120_000); // each run of the command line is a process of its own
  let folder: string;
  before(async () => {
    folder = await mkdtemp('/tmp/orderflow-cli-');
    await chmod(folder, 0o755); // as root the server runs as somebody else, and has to get there
  });
  after(() => rm(folder, { recursive: true }));

  it('migrate --check compares the schema of the migrations with the file that --snapshot has written', async () => {
    const file = path.join(folder, 'schema.sql');
    expect((await orderflow(['migrate', '--snapshot', file])).code).to.equal(0);
    expect((await orderflow(['migrate', '--check', file])).code).to.equal(0);
    const right = await readFile(file, 'utf8');
    await writeFile(file, right.replace('create table orderflow.customer (', 'create table orderflow.client ('));
    const { code, out } = await orderflow(['migrate', '--check', file]);
    expect(code).to.equal(1);
    expect(out).to.match(
      /line \d+:\n {2}file +create table orderflow\.client \(\n {2}migrations +create table orderflow\.customer \(/,
    );
  });

  it('migrate runs what the database does not have yet, once; an audit before it says what to do', async () => {
    const { target, drop } = await createEmptyDatabase();
    const settings = { DATABASE_URL: urlOf(target) };
    const early = await orderflow(['audit'], settings);
    expect([early.code, early.err]).to.deep.equal([
      1,
      'orderflow audit: This database has no Orderflow schema yet: npm start makes it.\n',
    ]);
    const first = await orderflow(['migrate', '--json'], settings);
    expect((JSON.parse(first.out) as { ran: string[] }).ran).not.to.deep.equal([]);
    expect(JSON.parse((await orderflow(['migrate', '--json'], settings)).out)).to.deep.equal({ ran: [] });
    const audit = await orderflow(['audit', '--json', '--drained'], settings);
    expect([audit.code, (JSON.parse(audit.out) as { findings: number }).findings]).to.deep.equal([0, 0]);
    await drop();
  });

  it('deploy deploys a folder as a whole, once; of a folder with mistakes it lists them and deploys nothing', async () => {
    const test = await openTestDatabase();
    const settings = { DATABASE_URL: urlOf(test.target) };
    const processes = path.join(folder, 'processes');
    await cp(path.join(root, 'processes'), processes, { recursive: true });
    const deployed = await orderflow(['deploy', processes, '--json'], settings);
    expect([deployed.code, (JSON.parse(deployed.out) as { isNew: boolean }).isNew]).to.deep.equal([0, true]);
    expect((await orderflow(['deploy', processes], settings)).out).to.match(/^Nothing new: .*\bsale 1\b/);

    const diagram = path.join(processes, 'sale.bpmn');
    await writeFile(diagram, (await readFile(diagram, 'utf8')).replace('type="sale.open"', 'type="sale.opne"'));
    const refused = await orderflow(['deploy', processes, '--json'], settings);
    expect(refused.code).to.equal(1);
    const { findings } = JSON.parse(refused.out) as { findings: { file: string; elementId: string; rule: string }[] };
    expect(findings.find((finding) => finding.rule === 'job-type-known')).to.include({ file: 'sale.bpmn', elementId: 's_open' });
    expect(await test.database.query('select count(*) as deployments from orderflow.deployment')).to.deep.equal([
      { deployments: 1 },
    ]);
    await test.drop();
  });
});
