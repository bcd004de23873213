import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { allChecks, printAudit, runAudit, type AuditOptions, type AuditReport } from '../../src/cli/audit/index.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { corruptions, type Corruption } from './corruptions/index.ts';
import { dropGuards } from './guards.ts';
import { actAtProvider, serveLedger } from './provider.ts';
import { writeWorld } from './world/index.ts';

describe('audit', () => {
  let test: TestDatabase;
  let effects: Awaited<ReturnType<typeof actAtProvider>>['effects'];
  let served: { status: number; text: string };
  let ledger: Awaited<ReturnType<typeof serveLedger>>;

  before(async () => {
    test = await openTestDatabase();
    const provider = await actAtProvider();
    effects = provider.effects;
    await test.database.transaction((tx) => writeWorld(tx, provider));
    ledger = await serveLedger(() => served);
  });
  after(async () => {
    await ledger?.close();
    await test?.drop();
  });
  beforeEach(() => (served = { status: 200, text: JSON.stringify({ effects }) }));

  const everything = (): AuditOptions => ({ drained: true, ledgerUrl: ledger.url });
  const audit = (options = everything()): Promise<AuditReport> => test.database.read((tx) => runAudit(tx, options));

  it('finds nothing where all is well', async () => {
    const report = await audit();
    expect(report.checks.flatMap(({ findings }) => findings)).to.deep.equal([]);
    expect(report.checks.map(({ id }) => id)).to.have.members(allChecks.map(({ id }) => id));
    expect(printAudit(report)).to.equal(`${allChecks.length} checks, 0 findings`);
  });

  it('asks what must be over, and what the provider did, only when told to', async () => {
    const asked = async (options: AuditOptions) => (await audit(options)).checks.map(({ id }) => id);
    expect(await asked({})).not.to.include.members(['A10a', 'A11a']);
    expect(await asked({ drained: true }))
      .to.include('A10a')
      .and.not.to.include('A11a');
    expect(await asked({ ledgerUrl: ledger.url }))
      .to.include('A11a')
      .and.not.to.include('A10a');
  });

  it('is described in docs/audit.md, check by check', () => {
    const text = readFileSync(new URL('../../docs/audit.md', import.meta.url), 'utf8');
    const described = [...text.matchAll(/^\| (A\d+\w?) +\| (.*?) +\|$/gm)].map(([, id, title]) => `${id} ${title}`);
    expect(described).to.have.members(allChecks.map(({ id, title }) => `${id} ${title}`));
  });

  it('says what to do when the ledger of the provider cannot be read', async () => {
    for (const [answer, reason] of [
      [{ status: 503, text: '{}' }, 'it answered 503'],
      [{ status: 200, text: '{}' }, 'no list "effects"'],
    ] as const) {
      served = answer;
      const failure: unknown = await audit().catch((error: unknown) => error);
      expect(failure)
        .to.be.an('error')
        .with.property('message')
        .that.includes(`${ledger.url}/ledger cannot be read`)
        .and.includes(reason);
    }
  });

  describe('of a world that was tampered with', () => {
    before(() => test.database.transaction(dropGuards));

    /** The report on the world with this corruption, which is taken back. */
    async function auditOf({ sql, effects: tamper }: Corruption, options = everything()): Promise<AuditReport> {
      let report: AuditReport | undefined;
      const undo = new Error('undo');
      if (tamper) served.text = JSON.stringify({ effects: tamper(effects) });
      await test.database
        .transaction(async (tx) => {
          for (const statement of [sql ?? []].flat()) await tx.query(statement);
          report = await runAudit(tx, options);
          throw undo;
        })
        .catch((error: unknown) => {
          if (error !== undo) throw error;
        });
      if (!report) throw new Error('no report');
      return report;
    }

    const idsOf = (report: AuditReport) => report.checks.filter(({ findings }) => findings.length > 0).map(({ id }) => id);

    for (const corruption of corruptions) {
      const { check, also = [], because } = corruption;
      it(`${check} finds that ${because}`, async () => {
        expect(idsOf(await auditOf(corruption))).to.have.members([check, ...also]);
      });
    }

    it('every check is tested by a corruption', () => {
      const tested = new Set(corruptions.map(({ check }) => check));
      expect(allChecks.map(({ id }) => id).filter((id) => !tested.has(id))).to.deep.equal([]);
    });

    const drifted: Corruption = {
      check: '',
      because: '',
      sql: `update orderflow.sale_order set captured_minor = 1999 where number = 'S-000001'`,
    };

    it('tells the story of what it found', async () => {
      const text = printAudit(await auditOf(drifted));
      expect(text).to.include('A21h  What a sale has captured is what its captures applied to it: 1 finding');
      expect(text).to.include('S-000001: captured 1999, but its captures applied 2000');
      expect(text).to.match(/Z {2}step 8 complete s_handoff by worker:phase\n.*Z {2}AWAITING_PAYMENT -> CLEARED at cleared\n/);
      expect(text).to.match(/ checks, 3 findings$/);
    });

    it('tells everything as JSON', async () => {
      const report = JSON.parse(printAudit(await auditOf(drifted), { json: true })) as AuditReport;
      expect(report.findings).to.equal(3);
      const [finding] = report.checks.find(({ id }) => id === 'A21h')?.findings ?? [];
      expect(finding).to.include({ check: 'A21h', subject: 'S-000001' });
      expect(finding?.story).to.have.length(3);
    });

    it('shows the time of each check when asked to be verbose', async () => {
      const lines = printAudit(await auditOf(drifted), { verbose: true }).split('\n');
      expect(lines.filter((line) => / \(\d+ ms\)$/.test(line))).to.have.length(allChecks.length);
    });

    it('keeps to what has moved since a moment', async () => {
      const since = (hours: number) => ({ since: new Date(Date.now() - hours * 3600_000) });
      expect((await auditOf(drifted, since(48))).findings).to.equal(3);
      expect((await auditOf(drifted, since(1))).findings).to.equal(0);
    });
  });
});
