import { expect } from 'chai';
import path from 'node:path';
import type { FileFinding } from '../../src/contract/finding.ts';
import { orderflow, root } from './run.ts';

const example = (name: string): string => path.join(root, 'docs/lint/examples', name);

describe('orderflow lint', function () {
  this.timeout(60_000);

  it('finds nothing in what is shipped: exit code 0, without a database', async () => {
    const { code, out, err } = await orderflow(['lint'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' });
    expect([code, out], err).to.deep.equal([0, '']);
    expect(err).to.match(/^\d+ files: 0 to repair, 0 warnings\. Rules: docs\/lint\n$/);
  });

  it('names file, element, sentence and rule of each finding: exit code 1', async () => {
    const { code, out, err } = await orderflow(['lint', example('default-flow.bpmn')]);
    expect(code).to.equal(1);
    expect(out).to.match(
      /^default-flow\.bpmn it: The exclusive gateway has no default flow: .* Mark one flow as default\. \(default-flow\)$/m,
    );
    expect(err).to.contain('1 file: 1 to repair');
  });

  it('takes several files and folders as one deployment, and tells JSON', async () => {
    const { code, out } = await orderflow([
      'lint',
      example('job-type-known.bpmn'),
      example('example.job.schema.json'),
      example('example.variables.schema.json'),
      '--json',
    ]);
    const { accepted, files, findings } = JSON.parse(out) as { accepted: boolean; files: number; findings: FileFinding[] };
    expect([code, accepted, files]).to.deep.equal([1, false, 3]);
    expect(findings.map(({ rule, elementId }) => [rule, elementId])).to.deep.equal([['job-type-known', 'it']]);
  });

  it('lets warnings pass: exit code 0', async () => {
    const { code, out } = await orderflow(['lint', example('layout-overlap.bpmn'), example('example.variables.schema.json')]);
    expect([code, out]).to.deep.equal([
      0,
      'layout-overlap.bpmn it: warning: It covers end. Move one of them. (layout-overlap)\n',
    ]);
  });

  it('a path that is not there, or has nothing to read, is wrong usage: exit code 2', async () => {
    const missing = await orderflow(['lint', 'no-such-folder']);
    expect([missing.code, missing.out]).to.deep.equal([2, '']);
    expect(missing.err).to.contain('There is no file or folder no-such-folder.');
    const empty = await orderflow(['lint', path.join(root, 'bin')]);
    expect(empty.code).to.equal(2);
    expect(empty.err).to.contain('has no .bpmn, .dmn or .schema.json file');
  });
});
