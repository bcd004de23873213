import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { startProgram, type Program } from '../helpers/programs.ts';
import { until } from '../helpers/promises.ts';
import { ended, sendDocument, startRealService, type RealService } from './service.ts';

describe('examples/worker', function () {
  this.timeout(90_000);
  let service: RealService;
  const programs: Program[] = [];
  before(async () => {
    service = await startRealService();
  });
  after(async () => {
    for (const program of programs) if (program.process.exitCode === null) await program.end('SIGKILL');
    await service.close();
  });
  const start = (file: string, env: Record<string, string> = {}): Program => {
    const program = startProgram(`examples/worker/${file}`, [], { env: { ORDERFLOW_URL: service.url, WORK_MS: '10', ...env } });
    programs.push(program);
    return program;
  };
  const hear = async (program: Program, line: RegExp): Promise<void> => {
    for (;;) if (line.test(await program.said())) return;
  };
  const attempts = (id: string) =>
    service.database.query<{ worker: string; outcome: string }>(
      'select worker, outcome from orderflow.job_lease l join orderflow.wait w on w.id = l.job_id where w.instance_id = $1 order by leased_at',
      [id],
    );

  it('says what its README says', async () => {
    const program = start('run.ts');
    const said: string[] = [];
    for (;;) {
      const line = await program.said().catch(() => undefined);
      if (line === undefined) break;
      said.push(line);
    }
    const readme = readFileSync(new URL('../../examples/worker/README.md', import.meta.url), 'utf8');
    const [, promised = ''] = /```\n(document-check[^]*?)```/.exec(readme) ?? [];
    const general = (lines: readonly string[]) => lines.map((line) => line.replace(/D-\w+-/g, 'D-')).sort();
    expect(general(said)).to.deep.equal(general(promised.trimEnd().split('\n')));
    expect(program.process.exitCode).to.equal(0);
  });

  it('a worker that is killed in the middle of a job loses it when its lease is over; another one does it, once', async () => {
    const first = start('worker.ts', { WORKER_NAME: 'first', WORK_MS: '60000', LOCK_MS: '1500' });
    await hear(first, /^waiting/);
    const id = await sendDocument(service, 'D-killed');
    await hear(first, /^begun D-killed/);
    // it holds on to the job for longer than the lease by extending it
    const extended = async () =>
      (await service.database.query(`select 1 from orderflow.job_lease where until > leased_at + interval '2 seconds'`)).length >
      0;
    await until(extended);
    await first.end('SIGKILL');
    const second = start('worker.ts', { WORKER_NAME: 'second' });
    const variables = await ended(service, id);
    expect(variables['scan']).to.deep.equal({ words: 2, suspicious: false, by: 'second' });
    expect(await attempts(id)).to.deep.equal([
      { worker: 'first', outcome: 'expired' },
      { worker: 'second', outcome: 'completed' },
    ]);
    expect(await second.end('SIGTERM')).to.equal(0);
  });

  it('a worker that is asked to stop finishes what it has begun, and takes nothing more', async () => {
    const worker = start('worker.ts', { WORKER_NAME: 'leaving', WORK_MS: '700' });
    await hear(worker, /^waiting/);
    const id = await sendDocument(service, 'D-last');
    await hear(worker, /^begun D-last/);
    const end = worker.end('SIGTERM');
    await hear(worker, /^finishing/);
    const later = await sendDocument(service, 'D-later');
    expect(await end).to.equal(0);
    expect(await attempts(id)).to.deep.equal([{ worker: 'leaving', outcome: 'completed' }]);
    expect(await attempts(later)).to.deep.equal([]);
  });
});
