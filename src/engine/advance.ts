import { Answers, type Heard } from './answers.ts';
import type { CompiledProcess } from './compile.ts';
import { NothingWaits, StepFailed } from './errors.ts';
import { formatState, parseState, type Run } from './marking.ts';
import type { Program } from './program.ts';
import { drop, move } from './repair.ts';
import type { OpenWait } from './scope-tree.ts';
import { Step } from './step.ts';
import type { Advance, EngineCommand, Oracle, Standing, Wait, WaitKind } from './types.ts';
import { triggerKindOf, waitKindOf } from './waits.ts';

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
  /** The run that what the command brought went to. */
  readonly target: Run | null;
  /** The runs that opened the waits, in the order of `advanced.opened`. */
  readonly runs: readonly OpenRun[];
  /** Slots of all scopes and runs that are there after the step: who may have local variables. */
  readonly slots: ReadonlySet<string>;
}

export interface OpenRun extends Run {
  /** Slot of the scope that it lies in. */
  readonly path: string;
}

export async function advanceTraced(
  process: CompiledProcess,
  standing: Standing | null,
  command: EngineCommand,
  oracle: Oracle,
  now: Date,
): Promise<TracedStep> {
  const { program } = process;
  const answers = new Answers(program, oracle, standing?.variables ?? {}, standing?.locals);
  const step = new Step(answers);
  if (command.type === 'start') {
    if (standing) throw new StepFailed(null, 'the instance has already been started');
    const start = program.element(startEventOf(program, command.startEvent));
    const target = start.event && start.outputs.length > 0 ? { slot: start.id, elementId: start.id } : null;
    answers.takeOver(command, target);
    await step.root.start(start.id);
    return finish(step, [], { ended: null, target }, now);
  }
  if (!standing) throw new StepFailed(null, 'the instance has not been started');
  step.load(parseState(standing.state, program.model));
  const before = step.waits();
  if (command.type === 'cancel') return cancelled(standing, before);
  return finish(step, before, await apply(step, before, command), now);
}

interface Applied {
  /** The wait that the command ended. */
  readonly ended: OpenWait | null;
  /** The run that what the command brought went to. */
  readonly target: Run | null;
}

/** Does what the command says; what follows from it is the settling's. */
async function apply(
  step: Step,
  waits: readonly OpenWait[],
  command: Exclude<EngineCommand, { readonly type: 'start' | 'cancel' }>,
): Promise<Applied> {
  const { answers } = step;
  const find = (slot: string): OpenWait => findWait(answers.program, waits, command.type, slot);
  switch (command.type) {
    case 'variables':
      answers.takeOver(command, null);
      return { ended: null, target: null };
    case 'move':
      answers.takeOver(command, null);
      await move(step, command.from === undefined ? undefined : find(command.from), command.to);
      return { ended: null, target: null };
    case 'drop':
      await drop(step, find(command.slot));
      return { ended: null, target: null };
    case 'error':
    case 'escalation':
      return throwAt(step, find(command.slot), command);
    default: {
      const wait = find(command.slot);
      answers.takeOver(command, wait.run);
      await step.fire(wait);
      return { ended: wait, target: wait.run };
    }
  }
}

type ThrowCommand = Extract<EngineCommand, { readonly code: string }>;

async function throwAt(step: Step, wait: OpenWait, command: ThrowCommand): Promise<Applied> {
  const { answers } = step;
  const { type, code } = command;
  const { elementId } = wait.run;
  let target: Run | null = null;
  const take = (catcher: Run): void => {
    target = catcher;
    answers.takeOver(command, catcher);
  };
  const isCaught = await step.raise(wait, { kind: type, code }, take);
  if (!isCaught && type === 'escalation') answers.thrown.push({ kind: 'escalation', name: code, elementId });
  if (!isCaught && type === 'error') step.failure = { code, message: command.message, elementId };
  return { ended: type === 'error' ? wait : null, target };
}

const accepts: Readonly<Record<string, readonly WaitKind[]>> = {
  complete: ['user', 'job', 'call'],
  error: ['job', 'call'],
  escalation: ['call'],
  message: ['message'],
  signal: ['signal'],
  timer: ['timer'],
};

function findWait(program: Program, waits: readonly OpenWait[], type: EngineCommand['type'], slot: string): OpenWait {
  const open = waits.map(({ run }) => run.slot).sort();
  const wait = waits.find(({ run }) => run.slot === slot);
  if (!wait) throw new NothingWaits(slot, open);
  const kind = kindOf(program, wait);
  if (accepts[type]?.includes(kind) ?? true) return wait;
  throw new NothingWaits(slot, open, `${slot} waits for a ${kind}, which '${type}' does not answer`);
}

function kindOf(program: Program, { run }: OpenWait): WaitKind {
  const element = program.element(run.elementId);
  return (waitKindOf(element) ?? triggerKindOf(element)) as WaitKind;
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

function cancelled({ variables, locals = {} }: Standing, waits: readonly OpenWait[]): TracedStep {
  const slots = waits.map(({ run }) => run.slot).sort();
  const closed = slots.map((slot) => ({ slot, how: 'cancelled' }) as const);
  const nothing = { state: null, opened: [], open: [], trail: [], thrown: [], asked: [] };
  return {
    advanced: { status: 'cancelled', variables, locals, closed, ...nothing },
    heard: [],
    target: null,
    runs: [],
    slots: new Set(),
  };
}

/** Lets the rest come to rest, and compares the waits before and after: what a boundary event or a terminate end took away is found here. */
async function finish(step: Step, before: readonly OpenWait[], applied: Applied | null, now: Date): Promise<TracedStep> {
  await step.settle();
  const { answers, root, failure } = step;
  const after = step.waits();
  if (after.length > maximumOpen)
    throw new StepFailed(null, `${after.length} waits would be open at once; ${maximumOpen} are allowed`);
  const keysBefore = new Set(before.map(({ key }) => key));
  const keysAfter = new Set(after.map(({ key }) => key));
  const closed = before
    .filter(({ key }) => !keysAfter.has(key))
    .map(
      ({ key, run }) =>
        ({ slot: run.slot, how: key === applied?.ended?.key || step.fulfilled.has(key) ? 'completed' : 'cancelled' }) as const,
    )
    .sort(bySlot);
  const slots = step.slots();
  answers.variables.keep(slots);
  const begun = after.filter(({ key }) => !keysBefore.has(key)).sort((a, b) => bySlot(a.run, b.run));
  const opened = begun.map((wait) => openWait(wait, answers, now));
  const result = {
    variables: answers.variables.root,
    locals: answers.variables.locals,
    opened,
    closed,
    open: after.map(({ run }) => run.slot).sort(),
    trail: step.trail.entries,
    thrown: answers.thrown,
    asked: answers.asking.asked,
  };
  const runs = begun.map(({ run, scope }) => ({ ...run, path: scope.path }));
  const traced = { heard: answers.heard, target: applied?.target ?? null, runs, slots };
  if (failure) return { ...traced, advanced: { status: 'failed', error: failure, state: null, ...result } };
  if (!step.isRunning) return { ...traced, advanced: { status: 'completed', state: null, ...result } };
  const marking = root.marking();
  if (after.length === 0) throw stuck(Object.keys(marking.held).concat(Object.keys(marking.active)));
  return { ...traced, advanced: { status: 'running', state: formatState(answers.program.model.id, marking), ...result } };
}

/** A wait as it opens; of a timer that repeats it is noted how often it may fire after that. */
function openWait({ run, scope, executionId }: OpenWait, answers: Answers, now: Date): Wait {
  const wait = answers.openWait(scope.path, run, now);
  if (wait.timer?.repeat === undefined) return wait;
  const known = executionId === undefined ? scope.armed.get(run.elementId)?.left : scope.session?.repeatOf(executionId);
  const repeat = known ?? wait.timer.repeat;
  if (executionId === undefined) scope.armed.set(run.elementId, { left: repeat });
  else scope.session?.setRepeat(executionId, repeat);
  return { ...wait, timer: { ...wait.timer, repeat } };
}

const bySlot = (a: { readonly slot: string }, b: { readonly slot: string }): number => (a.slot < b.slot ? -1 : 1);

function stuck(at: readonly string[]): StepFailed {
  return new StepFailed(
    at[0] ?? null,
    `the instance would stand still for ever: no token can move and nothing is waited for (tokens at ${at.join(', ')})`,
  );
}
