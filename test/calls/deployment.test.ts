import { expect } from 'chai';
import type { FileFinding } from '../../src/contract/finding.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { bpmnNamed, element, end, flow, message, onMessage } from '../helpers/bpmn-builder.ts';
import { problemOf } from '../helpers/problems.ts';
import { around, callActivity, files, look, versionTag } from './programs.ts';

const calling = (id: string, processId: string, more = {}) => ({ parts: around(callActivity(id, { processId, ...more }), id) });

describe('calls at deployment', () => {
  let db: TestDatabase;
  before(async () => {
    db = await openTestDatabase();
  });
  after(() => db.drop());

  const findingsOf = async (resources: Parameters<typeof deploy>[1]): Promise<readonly FileFinding[]> => {
    const problem = await problemOf(deploy(db.database, resources, 'analyst'));
    expect(problem.code).to.equal('definition-refused');
    return problem.extensions['errors'] as FileFinding[];
  };

  it('a process that calls itself is refused at the call activity', async () => {
    const [finding, ...others] = await findingsOf(files({ one: calling('c_one', 'one') }));
    expect(others).to.deep.equal([]);
    expect(finding).to.deep.include({ file: 'one.bpmn', elementId: 'c_one', rule: 'call-recursion' });
    expect(finding?.message).to.match(/^one calls one: it would never end/);
  });

  it('so is a circle of calls, at each call of it and at no other', async () => {
    const found = await findingsOf(
      files({ a: calling('c_a', 'b'), b: calling('c_b', 'c'), c: calling('c_c', 'a'), into: calling('c_into', 'a') }),
    );
    expect(found.map(({ elementId, message }) => `${elementId}: ${message.split(':')[0]}`)).to.have.members([
      'c_a: a calls b calls c calls a',
      'c_b: b calls c calls a calls b',
      'c_c: c calls a calls b calls c',
    ]);
  });

  it('calls go five levels deep and no deeper', async () => {
    const chain = (length: number) =>
      files(
        Object.fromEntries(
          Array.from({ length: length + 1 }, (_, n) => [
            `p${n}`,
            n === length ? { parts: around(look(`c${n}`), `c${n}`) } : calling(`c${n}`, `p${n + 1}`),
          ]),
        ),
      );
    const [finding, ...others] = await findingsOf(chain(6));
    expect(others).to.deep.equal([]);
    expect(finding).to.deep.include({ elementId: 'c0', rule: 'call-recursion' });
    expect((await deploy(db.database, chain(5), 'analyst')).processes).to.have.length(6);
  });

  it('a process or a version tag that is neither in the deployment nor deployed is refused, and accepted once it is', async () => {
    const bound = { bindingType: 'versionTag', versionTag: 'v1' };
    const caller = files({ caller: calling('c_1', 'callee', bound), other: calling('c_2', 'callee') });
    expect((await findingsOf(caller)).map(({ elementId, rule }) => [elementId, rule])).to.deep.equal([
      ['c_1', 'call-activity'],
      ['c_2', 'call-activity'],
    ]);

    const callee = (tag: string) => files({ callee: { parts: [versionTag(tag), ...around(look('e_look'), 'e_look')] } });
    await deploy(db.database, callee('v0'), 'analyst');
    const [finding, ...others] = await findingsOf(caller);
    expect(others).to.deep.equal([]);
    expect(finding?.message).to.match(/^No version of callee has the version tag v1; there is: v0\./);

    await deploy(db.database, callee('v1'), 'analyst');
    await deploy(db.database, caller, 'analyst');
  });

  it('a called process without a plain start is refused', async () => {
    const waiting = bpmnNamed(
      'waiting',
      message('Message_go', '="k"'),
      element('startEvent', { id: 'w_s' }, onMessage('Message_go')),
      look('w_look'),
      end('w_e'),
      flow('w_s', 'w_look', 'w_e'),
    );
    const resources = new Map([
      ...files({ calls: calling('c_w', 'waiting'), waiting: { parts: [] } }),
      ['waiting.bpmn', waiting] as const,
    ]);
    const [finding] = await findingsOf(resources);
    expect(finding).to.deep.include({ elementId: 'c_w', rule: 'call-activity' });
  });
});
