import { expect } from 'chai';
import {
  advance,
  advanceAgain,
  compile,
  StepFailed,
  type Advance,
  type CompiledProcess,
  type EngineCommand,
} from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/support/json.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { testOracle } from '../helpers/oracle.ts';
import { rejection } from './life.ts';

const now = new Date('2026-01-01T00:00:00Z');
const oracle = testOracle();

/** Two ways by a condition; who may do the task depends on the variables. */
const xml = b.bpmn(
  b.start('s'),
  b.xor('x', 'small'),
  b.element('userTask', { id: 'big' }, '<zeebe:assignmentDefinition candidateGroups="=[&quot;team &quot; + string(total)]"/>'),
  b.user('small'),
  b.end('e'),
  b.flow('s', 'x', 'small', 'e'),
  b.flowIf('x', 'big', '=total > limit'),
  b.flow('big', 'e'),
);
const start = (variables: JsonObject): EngineCommand => ({ type: 'start', variables });

describe('engine: replayed steps', () => {
  let process: CompiledProcess;
  beforeEach(async () => {
    [process] = (await compile(xml)) as [CompiledProcess];
  });
  const both = async (command: EngineCommand): Promise<Advance> => {
    const replayed = await advanceAgain(process, null, command, oracle, now);
    expect(replayed).to.deep.equal(await advance(process, null, command, oracle, now));
    return replayed;
  };

  it('the second instance at a place is not stepped by the engine, and gets its own variables and waits', async () => {
    const first = await both(start({ total: 50, limit: 10 }));
    const second = await both(start({ total: 70, limit: 10 }));
    // the very trail of the first: the engine did not run
    expect(second.trail).to.equal(first.trail);
    expect(second.opened.map(({ user }) => user?.candidateGroups)).to.deep.equal([['team 70']]);
    expect(second.asked[0]?.inputs).to.deep.equal({ total: 70, limit: 10 });
  });

  it('another answer goes another way, and each way is known from then on', async () => {
    const big = await both(start({ total: 50, limit: 10 }));
    const small = await both(start({ total: 5, limit: 10 }));
    expect([big.open, small.open]).to.deep.equal([['big'], ['small']]);
    expect((await both(start({ total: 6, limit: 10 }))).trail).to.equal(small.trail);
    expect((await both(start({ total: 51, limit: 10 }))).trail).to.equal(big.trail);
  });

  it('a question that cannot be answered fails the step as the engine does', async () => {
    await both(start({ total: 50, limit: 10 }));
    const error = await rejection(advanceAgain(process, null, start({ total: 50 }), oracle, now));
    expect(error).to.be.instanceOf(StepFailed).with.property('elementId', 'x.big');
    expect(error.message).to.equal((await rejection(advance(process, null, start({ total: 50 }), oracle, now))).message);
  });
  it('a failure says what its own command says', async () => {
    const [job] = await compile(b.bpmn(b.start('s'), b.job('t'), b.end('e'), b.flow('s', 't', 'e')));
    const { state, variables } = await advance(job as CompiledProcess, null, start({}), oracle, now);
    const standing = { state: state as string, variables };
    const fail = (message: string): EngineCommand => ({ type: 'error', slot: 't', code: 'NO', message, variables: { message } });
    for (const message of ['first', 'second']) {
      const failed = await advanceAgain(job as CompiledProcess, standing, fail(message), oracle, now);
      expect(failed).to.deep.include({ status: 'failed', variables: {}, error: { code: 'NO', message, elementId: 't' } });
    }
  });
});
