import { advanceAgain } from '../../engine/index.ts';
import type { Advance, EngineCommand, Oracle, TrailEntry, Wait } from '../../engine/types.ts';
import { createOracle, evaluateExpression } from '../../rules/index.ts';
import { messageOf } from '../../support/errors.ts';
import { isJsonObject, type JsonObject } from '../../support/json.ts';
import type { Definition } from '../definitions.ts';
import { RecordFault } from './records.ts';
import type { PhaseAnswers } from './status-map.ts';

/** Where a process came to rest. */
export interface Arrived {
  /** Canonical engine state. */
  readonly state: string;
  readonly variables: JsonObject;
  readonly open: readonly Wait[];
  /** The elements that carry a state, as they were entered. */
  readonly entered: readonly TrailEntry[];
}

type Told = Exclude<EngineCommand, { readonly type: 'cancel' | 'variables' }>;

/** No target is further than this many steps from its start. */
const maximumSteps = 60;

/**
 * Takes a process from its start to where the old system has the order, without any effect: jobs, decisions and tasks are answered from the ledgers, as the
 * status mapping says. It comes to rest when the target is reached and nothing but people, messages and timers is waited for; a job may wait only where
 * `jobs` says so, and then it is a job that is still to be done.
 * @throws RecordFault `not-reached` with the path
 */
export async function fastForward(
  definition: Definition,
  start: {
    readonly target: string;
    readonly variables: JsonObject;
    /** What the answers can ask for, beside `target`. */
    readonly facts: JsonObject;
    readonly answers: PhaseAnswers;
    /** The type of a job that is still to be done at the target. */
    readonly job?: string;
    readonly now: Date;
  },
): Promise<Arrived> {
  const { target, answers, now } = start;
  const facts = { ...start.facts, target };
  const answer = (text: string): JsonObject => {
    const { value } = evaluateExpression(text, facts, now);
    return isJsonObject(value) ? value : {};
  };
  const oracle = migrating(definition, answers, answer, now);
  const open = new Map<string, Wait>();
  const entered: TrailEntry[] = [];
  let standing: { state: string; variables: JsonObject } | null = null;
  let command: Told | undefined = { type: 'start', variables: start.variables };
  for (let steps = 0; command && steps < maximumSteps; steps++) {
    const advanced: Advance = await advanceAgain(definition.process, standing, command, oracle, now).catch((error: unknown) => {
      throw notReached(target, entered, messageOf(error));
    });
    if (advanced.state === null) throw notReached(target, entered, 'the process ended');
    standing = { state: advanced.state, variables: advanced.variables };
    for (const { slot } of advanced.closed) open.delete(slot);
    for (const wait of advanced.opened) open.set(wait.slot, wait);
    entered.push(...advanced.trail.filter((entry) => entry.event === 'enter' && entry.workflowState !== undefined));
    const jobs = [...open.values()].filter((wait) => wait.kind === 'job');
    const isThere = entered.at(-1)?.workflowState === target && jobs.every((wait) => wait.job?.type === start.job);
    if (isThere) return { ...standing, open: [...open.values()], entered };
    command = nextCommand([...open.values()], definition, answers, answer);
  }
  throw notReached(target, entered, `nothing answers ${[...open.values()].map((wait) => wait.elementId).join(', ')}`);
}

/** Jobs before tasks, tasks before messages: what the old system has behind it. */
function nextCommand(
  open: readonly Wait[],
  definition: Definition,
  answers: PhaseAnswers,
  answer: (text: string) => JsonObject,
): Told | undefined {
  const job = open.find((wait) => wait.job && answers.jobs[wait.job.type] !== undefined);
  if (job?.job) {
    const { error, ...variables } = answer(answers.jobs[job.job.type] ?? '{}');
    if (typeof error === 'string')
      return { type: 'error', slot: job.slot, code: error, message: 'as the old system has it', variables };
    checkResult(definition, job.job.type, variables);
    return { type: 'complete', slot: job.slot, variables };
  }
  const task = open.find((wait) => wait.kind === 'user' && answers.tasks[wait.elementId] !== undefined);
  if (task) return { type: 'complete', slot: task.slot, variables: answer(answers.tasks[task.elementId] ?? '{}') };
  const message = answers.messages
    .map((name) => open.find((wait) => wait.message?.name === name))
    .find((wait) => wait !== undefined);
  return message && { type: 'message', slot: message.slot, variables: {} };
}

function checkResult(definition: Definition, type: string, variables: JsonObject): void {
  const [first] = definition.jobs.get(type)?.output(variables) ?? [];
  if (first)
    throw new RecordFault(
      'not-reached',
      `the answer for ${type} does not fit its declaration: ${first.pointer} ${first.message}`,
    );
}

/** Expressions are evaluated as ever; a decision that the mapping answers is not asked again. */
function migrating(definition: Definition, answers: PhaseAnswers, answer: (text: string) => JsonObject, now: Date): Oracle {
  const oracle = createOracle({ decisions: definition.decisions, now });
  return {
    evaluate: (expression, variables, elementId) => oracle.evaluate(expression, variables, elementId),
    decide: (decisionId, variables, elementId) => {
      const text = answers.decisions[decisionId];
      if (text === undefined) return oracle.decide(decisionId, variables, elementId);
      return { value: answer(text), inputs: {}, matchedRules: [] };
    },
  };
}

const notReached = (target: string, entered: readonly TrailEntry[], why: string): RecordFault =>
  new RecordFault(
    'not-reached',
    `${target} cannot be reached (${entered.map((each) => each.workflowState).join(' > ') || 'nowhere'}): ${why}`,
  );
