import { expect } from 'chai';
import {
  advance,
  advanceAgain,
  compile,
  DefinitionRefused,
  type Advance,
  type CompiledProcess,
  type EngineCommand,
  type Standing,
} from '../../src/engine/index.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { testOracle, type Decisions } from '../helpers/oracle.ts';
import type { Expectation, Step } from './step.ts';

export interface Case {
  /** Elements and flows; `line(...)` draws a simple one. */
  readonly diagram: readonly string[];
  readonly steps: readonly Step[];
  readonly decisions?: Decisions;
}

/** What one command gave: the advance, or the refusal. */
type Outcome = Advance | Error;
type Advancing = typeof advance;

const noon = '2026-01-01T12:00:00.000Z';

/**
 * Registers a test that plays the schedule three times: as it comes, with steps replayed where the engine allows it; again, so that they
 * are; and with a JSON round trip of the standing before each command. All three must agree in everything, and every state must be canonical.
 */
export function runs(title: string, { diagram, steps, decisions }: Case): void {
  it(title, async () => {
    const xml = b.bpmn(...diagram);
    const live = await compileOne(xml);
    const oracle = testOracle(decisions);
    const first = await play(live, steps, oracle, advanceAgain, (standing) => standing);
    const replayed = await play(live, steps, oracle, advanceAgain, (standing) => standing);
    const durable = await play(await compileOne(xml), steps, oracle, advance, stored);
    steps.forEach((step, index) => {
      expect(told(replayed[index]), `${step.what}, replayed`).to.deep.equal(told(first[index]));
      expect(told(durable[index]), `${step.what}, from its stored state`).to.deep.equal(told(first[index]));
    });
    await checkCanonical(live, durable, oracle);
    checkEach(steps, durable);
  });
}

/** Registers a test that the diagram is refused, at these elements and by these rules: `elementId rule`. */
export function refuses(title: string, diagram: readonly string[], ...found: readonly string[]): void {
  it(title, async () => {
    const error = await compile(b.bpmn(...diagram)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(DefinitionRefused);
    const findings = (error as DefinitionRefused).findings.map(({ elementId, rule }) => `${elementId ?? '-'} ${rule}`);
    expect(findings).to.include.members(found);
  });
}

/** A start event, these elements in a row, and an end event: `s -> ... -> e`. Elements without a place in the row go beside it. */
export function line(...parts: readonly string[]): readonly string[] {
  const ids = parts.filter(isFlowNode).map((part) => /id="([^"]+)"/.exec(part)?.[1] ?? '');
  return [b.start('s'), ...parts, b.end('e'), b.flow('s', ...ids, 'e')];
}

/** The inside of a sub-process: as `line`, with ids of its own. */
export function inner(prefix: string, ...parts: readonly string[]): readonly string[] {
  const ids = parts.filter(isFlowNode).map((part) => /id="([^"]+)"/.exec(part)?.[1] ?? '');
  return [b.start(`${prefix}s`), ...parts, b.end(`${prefix}e`), b.flow(`${prefix}s`, ...ids, `${prefix}e`)];
}

const isFlowNode = (part: string): boolean =>
  /^<bpmn:(?:\w*[tT]ask|subProcess|transaction|callActivity|\w*Gateway|intermediate\w+) /.test(part) &&
  !/^[^>]*(?:triggeredByEvent|isForCompensation)="true"/.test(part);

async function compileOne(xml: string): Promise<CompiledProcess> {
  const [process] = await compile(xml);
  if (!process) throw new Error('the diagram has no executable process');
  return process;
}

async function play(
  process: CompiledProcess,
  steps: readonly Step[],
  oracle: ReturnType<typeof testOracle>,
  advancing: Advancing,
  between: (standing: Standing) => Standing,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let stands: Advance | null = null;
  let rows: readonly string[] = [];
  for (const step of steps) {
    const command: EngineCommand = step.command((name) => slotNamed(name, rows));
    const standing: Standing | null = stands === null ? null : between(standingOf(stands));
    const outcome: Outcome = await advancing(process, standing, command, oracle, new Date(step.now ?? noon)).catch(
      (error: unknown) => error as Error,
    );
    outcomes.push(outcome);
    if (outcome instanceof Error) {
      if (!step.expected.refusal) throw new Error(`${step.what}: ${outcome.message}`, { cause: outcome });
      continue;
    }
    // an instance that fails without a caller stays where it stood
    if (outcome.status === 'failed') continue;
    checkLocals(outcome, step.what);
    stands = outcome;
    rows = rowsAfter(rows, outcome, step.what);
  }
  return outcomes;
}

/** The open waits as a service would keep them in rows; they must be what the engine says is open. */
function rowsAfter(rows: readonly string[], { opened, closed, open }: Advance, what: string): readonly string[] {
  const gone = closed.map(({ slot }) => slot);
  expect(rows, `${what}: closes what was open`).to.include.members(gone);
  const now = [...rows.filter((slot) => !gone.includes(slot)), ...opened.map(({ slot }) => slot)].sort();
  expect(now, `${what}: rows of open waits`).to.deep.equal(open);
  expect(new Set(now).size, `${what}: slots are unique`).to.equal(now.length);
  return now;
}

/** Local variables belong to a scope, a loop or a task that is open. */
function checkLocals({ status, locals, open }: Advance, what: string): void {
  if (status === 'cancelled') return;
  const around = (scope: string): boolean =>
    open.some((slot) => slot === scope || slot.startsWith(`${scope}/`) || slot.startsWith(`${scope}[`));
  const stray = Object.keys(locals).filter((key) => !around(key.replace(/#$/, '')));
  expect(stray, `${what}: local variables of what is no longer open`).to.deep.equal([]);
}

const standingOf = ({ state, variables, locals }: Advance): Standing => {
  if (state === null) throw new Error('the instance has ended');
  return { state, variables, locals };
};
const stored = (standing: Standing): Standing => JSON.parse(JSON.stringify(standing)) as Standing;

const last = (slot: string): string => slot.split('/').at(-1) ?? slot;

/** The open slot of this name: the slot itself, its last part, or its element. */
function slotNamed(name: string, rows: readonly string[]): string {
  if (rows.includes(name)) return name;
  const named = rows.filter((slot) => last(slot) === name);
  const [only] = named.length > 0 ? named : rows.filter((slot) => last(slot).replace(/\[\d+\]$/, '') === name);
  return only ?? name;
}

const told = (outcome: Outcome | undefined): unknown =>
  outcome instanceof Error ? { name: outcome.name, message: outcome.message } : JSON.parse(JSON.stringify(outcome ?? null));

/** Putting the tokens back and reading them off again, without anything happening, gives the same text and opens nothing. */
async function checkCanonical(
  process: CompiledProcess,
  outcomes: readonly Outcome[],
  oracle: ReturnType<typeof testOracle>,
): Promise<void> {
  for (const outcome of outcomes) {
    if (outcome instanceof Error || outcome.state === null) continue;
    const nothing: EngineCommand = { type: 'variables', variables: {} };
    const same = await advance(process, stored(standingOf(outcome)), nothing, oracle, new Date(noon));
    const place = ({ state, open, variables, locals }: Advance) => ({ state, open, variables, locals });
    expect(place(same), 'put back and read off again').to.deep.equal(place(outcome));
    const { opened, closed, trail, thrown } = same;
    expect({ opened, closed, trail, thrown }).to.deep.equal({ opened: [], closed: [], trail: [], thrown: [] });
  }
}

function checkEach(steps: readonly Step[], outcomes: readonly Outcome[]): void {
  steps.forEach(({ what, expected }, index) => {
    const outcome = outcomes[index];
    if (outcome instanceof Error) return checkRefusal(what, outcome, expected);
    if (!outcome) throw new Error(`${what} was not played`);
    expect(expected.refusal, `${what}: it was expected to fail`).to.equal(undefined);
    checkAdvance(what, outcome, expected);
    if (index === steps.length - 1) expect(outcome.status, `${what}: the schedule goes to the end`).not.to.equal('running');
    return undefined;
  });
}

function checkRefusal(what: string, error: Error, { refusal }: Expectation): void {
  expect(error.message, what).to.match(refusal?.message ?? /^$/);
  if (refusal?.elementId !== undefined) expect(error, what).to.have.property('elementId', refusal.elementId);
  if (refusal?.code !== undefined) expect(error, what).to.have.property('code', refusal.code);
}

function checkAdvance(what: string, outcome: Advance, expected: Expectation): void {
  const { open, slots, entered, variables, some, input, thrown, cancelled, ended, failure } = expected;
  const has = (actual: unknown, wanted: unknown, of: string): void => {
    if (wanted !== undefined) expect(actual, `${what}: ${of}`).to.deep.equal(wanted);
  };
  const enters = outcome.trail.filter(({ event }) => event === 'enter').map(({ elementId }) => elementId);
  const taken = outcome.closed.filter(({ how }) => how === 'cancelled').map(({ slot }) => last(slot));
  has(outcome.open.map(last).sort(), open && [...open].sort(), 'open waits');
  has(outcome.open, slots && [...slots].sort(), 'open slots');
  has(enters, entered, 'elements entered');
  has(outcome.variables, variables, 'variables');
  has(
    outcome.thrown.map(({ kind, name }) => `${kind} ${name}`),
    thrown,
    'thrown',
  );
  has(taken.sort(), cancelled && [...cancelled].sort(), 'cancelled');
  if (some) expect(outcome.variables, what).to.deep.include(some);
  for (const [name, wanted] of Object.entries(input ?? {})) {
    const wait = outcome.opened.find(({ slot }) => slot === name || last(slot) === name);
    has(wait?.input, wanted, `what ${name} is given`);
  }
  if (failure) has([outcome.status, outcome.error?.code, outcome.error?.elementId], ['failed', ...failure], 'has failed');
  if (ended) has([outcome.status, outcome.state, outcome.open], ['completed', null, []], 'has ended');
}
