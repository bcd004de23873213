import type { JsonObject } from '../support/json.ts';
import { Answers, type Heard } from './answers.ts';
import type { CompiledProcess } from './compile.ts';
import { NothingWaits, StepFailed } from './errors.ts';
import { formatState, parseState } from './marking.ts';
import type { Program } from './program.ts';
import { Session } from './session.ts';
import { settle, type LookedAt } from './settle.ts';
import type { Run } from './snapshot.ts';
import type { Advance, EngineCommand, Oracle, Standing, Wait, WaitKind } from './types.ts';
import { mergeLoopResult, mergeResult } from './variables.ts';
import { describeWait, openSlots, waitKindOf } from './waits.ts';

/** Open waits of one instance; more is a diagram that multiplies its tokens. */
const maximumOpen = 1000;

/**
 * One step of one instance: a pure function of its arguments. It reads no clock but `now`, does no I/O, arms no timer, and runs no code of the
 * diagram; expressions and decisions are asked from `oracle`, which must answer at once. The promise never waits for anything outside.
 *
 * Throws NothingWaits when the command's slot is not open, StepFailed when the step cannot be taken, StateFormatUnknown when the stored state
 * does not fit the definition. A throw means that nothing happened: the instance stands where it stood.
 */
export async function advance(
  process: CompiledProcess,
  standing: Standing | null,
  command: EngineCommand,
  oracle: Oracle,
  now: Date,
): Promise<Advance> {
  return (await advanceTraced(process, standing, command, oracle, now)).advanced;
}

/** A step with what decided its way, so that it can be replayed for another instance (replay.ts). */
export interface TracedStep {
  readonly advanced: Advance;
  readonly heard: readonly Heard[];
  /** The wait that the command ended. */
  readonly target: Run | null;
  /** The runs that opened the waits, in the order of `advanced.opened`. */
  readonly runs: readonly Run[];
}

export async function advanceTraced(
  process: CompiledProcess,
  standing: Standing | null,
  command: EngineCommand,
  oracle: Oracle,
  now: Date,
): Promise<TracedStep> {
  const { program } = process;
  const answers = new Answers(program, oracle, standing?.variables ?? {});
  const session = new Session(program, answers);
  const lookedAt: LookedAt = new Map();
  if (command.type === 'start') {
    if (standing) throw new StepFailed(null, 'the instance has already been started');
    answers.variables = { ...command.variables };
    await session.start(startEventOf(program, command.startEvent));
    return finish(session, lookedAt, new Map(), null, now);
  }
  if (!standing) throw new StepFailed(null, 'the instance has not been started');
  const marking = parseState(standing.state, program.model);
  const open = openSlots(program.model, marking);
  if (command.type === 'cancel') return { advanced: cancelled(standing.variables, open), heard: [], target: null, runs: [] };
  await session.restore(marking);
  const before = session.waits();
  for (const executionId of before.keys()) lookedAt.set(executionId, answers.variables);
  const target = 'slot' in command ? findWait(program, before, command, open) : null;
  mergeVariables(answers, command, target?.[1] ?? null);
  if (command.type === 'error') await session.raise(target?.[1] as Run, command.code, command.message);
  else if (target) await session.fire(target[0]);
  return finish(session, lookedAt, before, target, now);
}

const accepts: Readonly<Record<string, readonly WaitKind[]>> = {
  complete: ['user', 'job', 'call'],
  error: ['job', 'call'],
  message: ['message'],
  signal: ['signal'],
  timer: ['timer'],
};

type SlotCommand = Extract<EngineCommand, { readonly slot: string }>;

function findWait(
  program: Program,
  waits: ReadonlyMap<string, Run>,
  command: SlotCommand,
  open: readonly string[],
): readonly [string, Run] {
  const wait = [...waits].find(([, { slot }]) => slot === command.slot);
  if (!wait) throw new NothingWaits(command.slot, open);
  const kind = waitKindOf(program.element(wait[1].elementId)) as WaitKind;
  if (accepts[command.type]?.includes(kind)) return wait;
  throw new NothingWaits(command.slot, open, `${command.slot} waits for a ${kind}, which '${command.type}' does not answer`);
}

/** Takes over what a command brings; a timer brings nothing, but its event may have output mappings. */
export function mergeVariables(answers: Answers, command: EngineCommand, target: Run | null): void {
  const { asking, variables, program } = answers;
  const brought = 'variables' in command ? command.variables : {};
  // the output mappings of a task are for its result; an error brings its variables as they are
  const run = command.type === 'error' ? null : target;
  if (!run) answers.variables = { ...variables, ...brought };
  else if (run.index === undefined) answers.variables = mergeResult(program.element(run.elementId), variables, brought, asking);
  else answers.variables = mergeLoopResult(program.element(run.elementId), run.index, variables, brought, asking);
}

function startEventOf({ startEvents }: Program, wanted: string | undefined): string {
  const plain = startEvents.filter(({ event }) => event === undefined);
  const only = plain.length === 1 ? plain[0] : startEvents.length === 1 ? startEvents[0] : undefined;
  const chosen = wanted === undefined ? only : startEvents.find(({ id }) => id === wanted);
  if (chosen) return chosen.id;
  const ids = startEvents.map(({ id }) => id).join(', ');
  throw new StepFailed(
    null,
    wanted === undefined
      ? `say which start event begins the instance: ${ids}`
      : `there is no start event ${wanted}; there are: ${ids}`,
  );
}

function cancelled(variables: JsonObject, open: readonly string[]): Advance {
  const closed = open.map((slot) => ({ slot, how: 'cancelled' }) as const);
  return { status: 'cancelled', state: null, variables, opened: [], closed, open: [], trail: [], thrown: [], asked: [] };
}

/** Lets the rest come to rest, and compares the waits before and after: what a boundary event or a terminate end took away is found here. */
async function finish(
  session: Session,
  lookedAt: LookedAt,
  before: ReadonlyMap<string, Run>,
  target: readonly [string, Run] | null,
  now: Date,
): Promise<TracedStep> {
  const { answers, program } = session;
  await settle(session, lookedAt);
  const after = session.waits();
  if (after.size > maximumOpen)
    throw new StepFailed(null, `${after.size} waits would be open at once; ${maximumOpen} are allowed`);
  const begun = [...after].filter(([executionId]) => !before.has(executionId)).sort(([, a], [, b]) => bySlot(a, b));
  const opened = openWaits(session, begun, now);
  const gone = [...before].filter(([executionId]) => !after.has(executionId));
  const result = {
    variables: answers.variables,
    opened,
    closed: gone
      .map(([executionId, { slot }]) => ({ slot, how: executionId === target?.[0] ? 'completed' : 'cancelled' }) as const)
      .sort(bySlot),
    open: [...after.values()].map(({ slot }) => slot).sort(),
    trail: session.trail.entries,
    thrown: answers.thrown,
    asked: answers.asking.asked,
  };
  const traced = { heard: answers.heard, target: target?.[1] ?? null, runs: begun.map(([, run]) => run) };
  if (!session.isRunning) return { ...traced, advanced: { status: 'completed', state: null, ...result } };
  const { marking } = session.snapshot();
  if (after.size === 0) throw stuck(Object.keys(marking.held).concat(Object.keys(marking.active)));
  return { ...traced, advanced: { status: 'running', state: formatState(program.model.id, marking), ...result } };
}

function openWaits(session: Session, runs: readonly (readonly [string, Run])[], now: Date): readonly Wait[] {
  const { answers, program } = session;
  const { asking, variables, memory } = answers;
  return runs.map(([executionId, run]) => {
    const wait = describeWait(program.element(run.elementId), run, variables, asking, now);
    if (wait.timer?.repeat === undefined) return wait;
    const repeat = session.repeatOf(executionId) ?? wait.timer.repeat;
    memory.set(executionId, { left: repeat });
    return { ...wait, timer: { ...wait.timer, repeat } };
  });
}

const bySlot = (a: { readonly slot: string }, b: { readonly slot: string }): number => (a.slot < b.slot ? -1 : 1);

function stuck(at: readonly string[]): StepFailed {
  return new StepFailed(
    at[0] ?? null,
    `the instance would stand still for ever: no token can move and nothing is waited for (tokens at ${at.join(', ')})`,
  );
}
