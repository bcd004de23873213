import { z } from 'zod';
import { checkExpression, evaluateExpression } from '../../rules/index.ts';
import type { JsonObject } from '../../support/json.ts';
import { RecordFault } from './records.ts';

/** What `processes/legacy-status.json` says; analysts own it. */
const Answers = z.strictObject({
  /** Job type -> FEEL: the job's result, read off the ledgers instead of done. `{error: CODE}` raises a BPMN error. */
  jobs: z.record(z.string(), z.string()),
  decisions: z.record(z.string(), z.string()),
  /** Id of a user task -> FEEL: what the actor `migration` completes it with. */
  tasks: z.record(z.string(), z.string()),
  /** Names of messages that were received in the old system. */
  messages: z.array(z.string()),
});
const phases = ['quotation', 'sale', 'fulfilment', 'return'] as const;
const File = z.strictObject({
  about: z.string(),
  statuses: z.array(
    z.strictObject({
      entity: z.enum(phases),
      status: z.array(z.string().regex(/^[A-Z][A-Z_]*$/)).min(1),
      when: z.string().exactOptional(),
      state: z.string(),
      over: z.boolean().default(false),
    }),
  ),
  history: z.record(z.enum(phases), z.record(z.string(), z.string())),
  answers: z.record(z.enum(phases), Answers),
});

export type Phase = (typeof phases)[number];
export type PhaseAnswers = z.output<typeof Answers>;

/** The state that an order has here. */
export interface Target {
  readonly state: string;
  /** Closed: it gets its log, but no running process. */
  readonly over: boolean;
}

export interface StatusMap {
  readonly answers: Readonly<Record<Phase, PhaseAnswers>>;
  /** @throws RecordFault `unknown-status`, or `contradictory` when the facts fit none of the conditions */
  target(phase: Phase, status: string, facts: JsonObject, now: Date): Target;
  /** The state that a status of the past is written down as. @throws RecordFault `unknown-status` */
  past(phase: Phase, status: string): string;
}

/** @throws Error that names what is wrong in the file */
export function readStatusMap(text: string): StatusMap {
  const parsed = File.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`The status mapping cannot be used: ${z.prettifyError(parsed.error)}`);
  const { statuses, answers, history } = parsed.data;
  for (const expression of expressionsOf(parsed.data)) {
    const fault = checkExpression(expression);
    if (fault !== null) throw new Error(`The status mapping cannot be used: "${expression}" ${fault}`);
  }
  const entries = (phase: Phase, status: string) =>
    statuses.filter((entry) => entry.entity === phase && entry.status.includes(status));
  return {
    answers,
    past: (phase, status) => {
      const state = history[phase][status];
      if (state === undefined)
        throw new RecordFault(
          'unknown-status',
          `nobody has said what the status ${status} in the history of a ${phase} means here`,
        );
      return state;
    },
    target: (phase, status, facts, now) => {
      const candidates = entries(phase, status);
      if (candidates.length === 0)
        throw new RecordFault('unknown-status', `nobody has said what the status ${status} of a ${phase} means here`);
      const fits = candidates.find(({ when }) => when === undefined || evaluateExpression(when, facts, now).value === true);
      if (fits) return { state: fits.state, over: fits.over };
      const wanted = candidates.map(({ when, state }) => `${state} if ${when}`).join('; ');
      throw new RecordFault('contradictory', `${status} does not fit the facts ${JSON.stringify(facts)}: ${wanted}`);
    },
  };
}

function expressionsOf({ statuses, answers }: z.output<typeof File>): string[] {
  const conditions = statuses.flatMap(({ when }) => when ?? []);
  const results = Object.values(answers).flatMap(({ jobs, decisions, tasks }) =>
    [jobs, decisions, tasks].flatMap(Object.values<string>),
  );
  return [...conditions, ...results];
}
