import { expect } from 'chai';
import {
  advance,
  compile,
  DefinitionRefused,
  type Advance,
  type CompiledProcess,
  type EngineCommand,
  type Finding,
  type Standing,
} from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { testOracle, type Decisions } from '../helpers/oracle.ts';

export const noon = new Date('2026-01-01T12:00:00.000Z');

interface Setting {
  readonly variables?: JsonObject;
  readonly decisions?: Decisions;
  readonly startEvent?: string;
}

/**
 * One instance in a test. Each command is applied to a state read back from text, twice, and both answers must be equal; the rows that a
 * service would keep are checked against what the engine says is open.
 */
export class Life {
  last: Advance;
  private rows: readonly string[] = [];

  private constructor(
    readonly process: CompiledProcess,
    private readonly setting: Setting,
    first: Advance,
  ) {
    this.last = this.keep(first);
  }

  static async begin(xml: string, setting: Setting = {}): Promise<Life> {
    const [process] = await compile(xml);
    if (!process) throw new Error('no process');
    const { variables = {}, startEvent } = setting;
    const command: EngineCommand = { type: 'start', variables, ...(startEvent !== undefined && { startEvent }) };
    return new Life(process, setting, await advance(process, null, command, testOracle(setting.decisions), noon));
  }

  async do(command: EngineCommand, now = noon): Promise<this> {
    const { state, variables, locals } = this.last;
    if (state === null) throw new Error('the instance has ended');
    const stored = JSON.stringify({ state, variables, locals });
    const step = () => advance(this.process, JSON.parse(stored) as Standing, command, testOracle(this.setting.decisions), now);
    const result = await step();
    expect(JSON.stringify(await step()), 'the same step again').to.equal(JSON.stringify(result));
    this.last = this.keep(result);
    return this;
  }

  complete(slot: string, variables: JsonObject = {}): Promise<this> {
    return this.do({ type: 'complete', slot, variables });
  }
  message(slot: string, variables: JsonObject = {}): Promise<this> {
    return this.do({ type: 'message', slot, variables });
  }
  signal(slot: string, variables: JsonObject = {}): Promise<this> {
    return this.do({ type: 'signal', slot, variables });
  }
  timer(slot: string, now = noon): Promise<this> {
    return this.do({ type: 'timer', slot }, now);
  }
  error(slot: string, code: string, variables: JsonObject = {}): Promise<this> {
    return this.do({ type: 'error', slot, code, message: 'told so', variables });
  }

  get open(): readonly string[] {
    return this.last.open;
  }
  /** Elements entered in the last step. */
  get entered(): readonly string[] {
    return this.last.trail.filter(({ event }) => event === 'enter').map(({ elementId }) => elementId);
  }
  wait(slot: string) {
    const found = this.last.opened.find((wait) => wait.slot === slot);
    if (!found) throw new Error(`${slot} was not opened; opened: ${this.last.opened.map((wait) => wait.slot).join(', ')}`);
    return found;
  }
  ended(): void {
    expect({ status: this.last.status, state: this.last.state, open: this.open }).to.deep.equal({
      status: 'completed',
      state: null,
      open: [],
    });
  }

  private keep(result: Advance): Advance {
    const closed = result.closed.map(({ slot }) => slot);
    const opened = result.opened.map(({ slot }) => slot);
    this.rows = [...this.rows.filter((slot) => !closed.includes(slot)), ...opened].sort();
    expect(this.rows, 'open rows').to.deep.equal(result.open);
    return result;
  }
}

/** What a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it was expected to throw');
}

/** Findings of a refused diagram. */
export async function findings(xml: string, checkExpression?: (feel: string) => string | null): Promise<readonly Finding[]> {
  const error = await rejection(compile(xml, checkExpression ? { checkExpression } : {}));
  if (error instanceof DefinitionRefused) return error.findings;
  throw error;
}
