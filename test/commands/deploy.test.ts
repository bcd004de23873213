import { expect } from 'chai';
import type { FileFinding } from '../../src/contract/finding.ts';
import { Definitions, type Resources } from '../../src/commands/definitions.ts';
import { deploy, deployShipped } from '../../src/commands/deploy.ts';
import { processesFolder, readResources } from '../../src/resources.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { problemOf } from '../helpers/problems.ts';

describe('deployment', () => {
  let db: TestDatabase;
  let shipped: Resources;
  before(async () => {
    db = await openTestDatabase();
    shipped = await readResources(processesFolder);
  });
  after(() => db.drop());

  const changed = (name: string, from: string, to: string): Resources => {
    const content = shipped.get(name) ?? '';
    expect(content).to.contain(from);
    return new Map([...shipped, [name, content.replace(from, to)]]);
  };
  const findingsOf = async (resources: Resources): Promise<readonly FileFinding[]> => {
    const problem = await problemOf(deploy(db.database, resources, 'analyst'));
    expect(problem.code).to.equal('definition-refused');
    return problem.extensions['errors'] as FileFinding[];
  };

  it('the same content is deployed once, also by two processes at the same moment', async () => {
    const [first, second] = await Promise.all([deploy(db.database, shipped, 'a'), deploy(db.database, shipped, 'b')]);
    expect(first.isNew).to.equal(!second.isNew);
    expect(first.deploymentId).to.equal(second.deploymentId);
  });

  it('a changed decision table is a new version of every process of the bundle, and the old one stays', async () => {
    const next = await deploy(db.database, changed('credit-check.dmn', '&lt;= 90', '&lt;= 91'), 'analyst');
    expect(next.processes.map((process) => process.version)).to.deep.equal([2, 2, 2, 2]);
    const definitions = new Definitions();
    expect((await definitions.latest(db.database, 'sale')).version).to.equal(2);
    // going back is a deployment like any other
    expect((await deploy(db.database, shipped, 'analyst')).processes.map((process) => process.version)).to.deep.equal([
      3, 3, 3, 3,
    ]);
  });

  it('what analysts have deployed since stays in force when the service starts again; another build brings its own', async () => {
    const latest = async (): Promise<number> => (await new Definitions().latest(db.database, 'sale')).version;
    const nextBuild = changed('credit-check.dmn', '&lt;= 90', '&lt;= 92');
    await deployShipped(db.database, shipped);
    const began = await latest();
    await deploy(db.database, changed('credit-check.dmn', '&lt;= 90', '&lt;= 93'), 'analyst');

    await deployShipped(db.database, shipped);
    expect(await latest(), 'a restart').to.equal(began + 1);
    await deployShipped(db.database, nextBuild);
    expect(await latest(), 'a release').to.equal(began + 2);
    await deployShipped(db.database, nextBuild);
    expect(await latest(), 'its restart').to.equal(began + 2);
    await deployShipped(db.database, shipped);
    expect(await latest(), 'back to the release before').to.equal(began + 3);
  });

  it('refuses a diagram with every finding, naming file and element, and deploys nothing', async () => {
    const before = await db.database.query('select count(*) as n from orderflow.deployment');
    const [finding] = await findingsOf(changed('sale.bpmn', 'type="credit.decide"', 'type="credit.guess"'));
    expect(finding).to.deep.include({ file: 'sale.bpmn', elementId: 's_credit', rule: 'job-type-known' });
    expect(await db.database.query('select count(*) as n from orderflow.deployment')).to.deep.equal(before);
  });

  it('refuses a name that the process does not declare, with the nearest one that it does', async () => {
    const [finding] = await findingsOf(changed('sale.bpmn', '=payment.onTermsMinor &gt; 0', '=payment.onTermMinor &gt; 0'));
    expect(finding?.message).to.contain('payment.onTermMinor').and.to.contain('payment.onTermsMinor');
  });

  it('refuses a process without a declaration of its variables, and says what it has to declare', async () => {
    const without = new Map([...shipped].filter(([name]) => name !== 'return.variables.schema.json'));
    const [finding] = await findingsOf(without);
    expect(finding).to.deep.include({ file: 'return.bpmn', elementId: 'return', rule: 'variables-declared' });
    expect(finding?.message).to.match(
      /^There is no return\.variables\.schema\.json beside the diagram\. It has to declare .*\breturnRequest\.id\b/,
    );
  });

  it('refuses a decision, a form and a role that nobody has', async () => {
    expect(
      (await findingsOf(changed('sale.bpmn', 'decisionId="stock-shortage"', 'decisionId="stock-surplus"')))[0]?.rule,
    ).to.equal('decision-found');
    expect((await findingsOf(changed('quotation.bpmn', 'formId="quotation-edit"', 'formId="no-such-form"')))[0]?.rule).to.equal(
      'form-found',
    );
    expect(
      (await findingsOf(changed('quotation.bpmn', 'candidateGroups="sales_rep"', 'candidateGroups="sales_reb"')))[0]?.rule,
    ).to.equal('role-known');
  });

  it('refuses a table with a gap, an overlap or a rule that never decides, and says where', async () => {
    const before = await db.database.query('select count(*) as n from orderflow.deployment');
    const [gap] = await findingsOf(changed('refund-method.dmn', '&gt; 1000000', '&gt; 1000001'));
    expect(gap).to.deep.include({ file: 'refund-method.dmn', elementId: 'refund-method', rule: 'gap' });
    expect(gap?.message).to.match(
      /^No rule of refund-method matches Paid by = "CARD", .*Refund \(minor units\) = 1000001.*: add a rule/,
    );
    const [overlap] = await findingsOf(changed('override-approver.dmn', '[500000..5000000)', '[499999..5000000)'));
    expect(overlap).to.deep.include({ file: 'override-approver.dmn', elementId: 'override-approver', rule: 'overlap' });
    expect(overlap?.message).to.match(/^Rules 4 and 11 of override-approver both match Kind of override = "CREDIT"/);
    const [dead] = await findingsOf(changed('return-eligibility.dmn', '(14..30]', '(10..12]'));
    expect(dead).to.deep.include({ file: 'return-eligibility.dmn', elementId: 'Rule_ReturnEligibility_10', rule: 'dead-rule' });
    expect(dead?.message).to.match(/^Rule 10 of return-eligibility can never decide/);
    expect(await db.database.query('select count(*) as n from orderflow.deployment')).to.deep.equal(before);
  });

  it('accepts a table that it cannot check, because its cells compute', async () => {
    const table = changed('refund-method.dmn', '&gt; 1000000', '&gt; 10 * 100000');
    expect((await deploy(db.database, table, 'analyst')).isNew).to.equal(true);
  });

  it('refuses to call a process that is neither in the deployment nor deployed', async () => {
    const task = '<bpmn:serviceTask id="s_close"';
    const sale = shipped.get('sale.bpmn') ?? '';
    const from = sale.slice(
      sale.indexOf(task),
      sale.indexOf('</bpmn:serviceTask>', sale.indexOf(task)) + '</bpmn:serviceTask>'.length,
    );
    const to = from
      .replaceAll('bpmn:serviceTask', 'bpmn:callActivity')
      .replace(/<zeebe:taskDefinition[^>]*>/, '<zeebe:calledElement processId="fulfilments" />');
    const [finding] = await findingsOf(changed('sale.bpmn', from, to));
    expect(finding).to.deep.include({ file: 'sale.bpmn', elementId: 's_close', rule: 'call-activity' });
  });

  it('refuses scripts and expressions of other engines (D1, D4)', async () => {
    const findings = await findingsOf(
      changed('sale.bpmn', 'type="sale.open"', `type="\${environment.constructor.constructor('x')}"`),
    );
    expect(findings.some((finding) => finding.elementId === 's_open')).to.equal(true);
  });
});
