import { advanceTraced, type TracedStep } from './advance.ts';
import { Answers, type Heard } from './answers.ts';
import type { CompiledProcess } from './compile.ts';
import type { Advance, EngineCommand, Oracle, Standing } from './types.ts';

/** Steps that were taken before, by where they began and what happened; the way they took is the way of everybody who is told the same. */
const taken = new WeakMap<CompiledProcess, Map<string, TracedStep[]>>();

const replayable = new Set(['start', 'complete', 'message', 'signal', 'error', 'timer']);

/** Ways from one place with one command; a diagram with more is stepped by the engine. */
const maximumWays = 50;

/** Places and commands kept for one process; beyond that the oldest is forgotten. */
const maximumPlaces = 5_000;

/**
 * As `advance`, for many instances that go the same ways: bpmn-engine takes a step once, and the next instance at the same place asks the same questions over
 * its own variables. As long as the answers lead the same way, the tokens do too, and its waits are described anew; else the engine takes the step.
 */
export async function advanceAgain(
  process: CompiledProcess,
  standing: Standing | null,
  command: EngineCommand,
  oracle: Oracle,
  now: Date,
): Promise<Advance> {
  // without tokens that move there is nothing to save, and repairs are rare
  if (!replayable.has(command.type)) return (await advanceTraced(process, standing, command, oracle, now)).advanced;
  const ways = taken.get(process) ?? new Map<string, TracedStep[]>();
  taken.set(process, ways);
  const key = JSON.stringify([
    standing?.state ?? null,
    command.type,
    'slot' in command ? command.slot : 'startEvent' in command ? command.startEvent : null,
    command.type === 'error' ? command.code : null,
  ]);
  const known = ways.get(key) ?? [];
  for (const step of known) {
    const again = replay(process, step, standing, command, oracle, now);
    if (again) return again;
  }
  const step = await advanceTraced(process, standing, command, oracle, now);
  if (canBeReplayed(process, step) && known.length < maximumWays) remember(ways, key, [...known, step]);
  return step.advanced;
}

function remember(ways: Map<string, TracedStep[]>, key: string, steps: TracedStep[]): void {
  ways.delete(key);
  ways.set(key, steps);
  const [oldest] = ways.keys();
  if (ways.size > maximumPlaces && oldest !== undefined) ways.delete(oldest);
}

/**
 * Loops, conditions that are looked at again and timers that repeat remember more than a place; those steps are the engine's, and so is a
 * failure, which says what the command says.
 */
const canBeReplayed = ({ program }: CompiledProcess, { heard, advanced }: TracedStep): boolean =>
  advanced.status !== 'failed' &&
  !program.hasCondition &&
  heard.every(({ kind }) => kind !== 'loop') &&
  advanced.opened.every(({ timer }) => timer?.repeat === undefined);

/** The step for other variables, or undefined when they lead elsewhere. */
function replay(
  { program }: CompiledProcess,
  { advanced, heard, target, runs, slots }: TracedStep,
  standing: Standing | null,
  command: EngineCommand,
  oracle: Oracle,
  now: Date,
): Advance | undefined {
  const answers = new Answers(program, oracle, standing?.variables ?? {}, standing?.locals);
  answers.takeOver(command, target);
  for (const question of heard) if (!hear(answers, question)) return undefined;
  const { variables, asking, thrown } = answers;
  variables.keep(slots);
  const opened = runs.map((run) => answers.openWait(run.path, run, now));
  return { ...advanced, variables: variables.root, locals: variables.locals, opened, thrown, asked: asking.asked };
}

/** Asks again what was asked. Answers whether the step goes the same way. */
function hear(answers: Answers, question: Heard): boolean {
  switch (question.kind) {
    case 'condition':
      return answers.condition(question.path, question.id) === question.outcome;
    case 'compute':
      answers.compute(question.path, question.id);
      return true;
    case 'throw':
      answers.throwEvent(question.path, question.id);
      return true;
    case 'openScope':
      answers.openScope(question.path, question.run);
      return true;
    case 'closeScope':
      answers.closeScope(question.run);
      return true;
    case 'dropScope':
      answers.dropScope(question.path);
      return true;
    case 'pass':
      answers.pass(question.path, question.id);
      return true;
    default:
      // a loop remembers more than a place; its steps are the engine's
      return false;
  }
}
