import { advanceTraced, mergeVariables, type TracedStep } from './advance.ts';
import { Answers } from './answers.ts';
import type { CompiledProcess } from './compile.ts';
import type { Advance, EngineCommand, Oracle, Standing } from './types.ts';
import { describeWait } from './waits.ts';

/** Steps that were taken before, by where they began and what happened; the way they took is the way of everybody who is told the same. */
const taken = new WeakMap<CompiledProcess, Map<string, TracedStep[]>>();

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
  // without tokens that move there is nothing to save
  if (command.type === 'cancel' || command.type === 'variables')
    return (await advanceTraced(process, standing, command, oracle, now)).advanced;
  const ways = taken.get(process) ?? new Map<string, TracedStep[]>();
  taken.set(process, ways);
  const key = JSON.stringify([
    standing?.state ?? null,
    command.type,
    'slot' in command ? command.slot : (command.startEvent ?? null),
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

/** Loops, conditions that are looked at again and timers that repeat remember more than a place; those steps are the engine's. */
const canBeReplayed = ({ program }: CompiledProcess, { heard, advanced }: TracedStep): boolean =>
  !program.hasCondition &&
  heard.every(({ kind }) => kind !== 'loop') &&
  advanced.opened.every(({ timer }) => timer?.repeat === undefined);

/** The step for other variables, or undefined when they lead elsewhere. */
function replay(
  { program }: CompiledProcess,
  { advanced, heard, target, runs }: TracedStep,
  standing: Standing | null,
  command: EngineCommand,
  oracle: Oracle,
  now: Date,
): Advance | undefined {
  const answers = new Answers(program, oracle, standing?.variables ?? {});
  if (command.type === 'start') answers.variables = { ...command.variables };
  else mergeVariables(answers, command, target);
  for (const question of heard) {
    if (question.kind === 'condition' && answers.condition(question.id) !== question.outcome) return undefined;
    if (question.kind === 'decision') answers.decide(question.id);
    if (question.kind === 'throw') answers.throwEvent(question.id);
  }
  const { variables, asking, thrown } = answers;
  const opened = runs.map((run) => describeWait(program.element(run.elementId), run, variables, asking, now));
  return { ...advanced, variables, opened, thrown, asked: asking.asked };
}
