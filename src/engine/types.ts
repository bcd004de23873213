import type { Json, JsonObject } from '../support/json.ts';

export type { Finding } from '../contract/finding.ts';

/** What kind of thing a token waits for; each open wait is one row. */
export type WaitKind = 'user' | 'job' | 'call' | 'message' | 'signal' | 'timer' | 'condition';

/**
 * One place where a token waits. `slot` is canonical: built from element ids and loop indices only (`s_main/s_credit`, `pickAll[2]`, boundary
 * events by their own id), so the same place in two instances has the same slot, and no two open waits of an instance share one.
 */
export interface Wait {
  readonly slot: string;
  readonly kind: WaitKind;
  /** Id of the BPMN element; of the event itself for boundary and catch events. */
  readonly elementId: string;
  readonly elementName?: string;
  /** `zeebe:properties` of the element: workflowState, sla, decision ... */
  readonly properties: Readonly<Record<string, string>>;
  /** Local variables of the element itself: `zeebe:input` mappings and the loop's input element; absent when it has none. */
  readonly input?: JsonObject;
  readonly user?: { readonly candidateGroups: readonly string[]; readonly assignee?: string; readonly formId?: string };
  readonly job?: { readonly type: string; readonly retries: number };
  readonly call?: CalledProcess;
  readonly message?: { readonly name: string; readonly correlationKey: string };
  readonly signal?: { readonly name: string };
  readonly timer?: {
    readonly dueAt: string;
    /** Firings left after this one, -1 for ever; absent when it fires once. */
    readonly repeat?: number;
    /** What it repeats by: `<first instant>/<ISO 8601 duration>`, or cron. */
    readonly interval?: string;
    /** Of a timer with a duration: its text, for those who measure it in working time. */
    readonly duration?: string;
  };
}

/** Which process a call activity calls, in which version (`zeebe:calledElement`). */
export interface CalledProcess {
  readonly processId: string;
  /** `deployment`: the version that was deployed together with the caller. */
  readonly binding: 'deployment' | 'latest' | 'versionTag';
  readonly versionTag?: string;
  /** The called process gets every variable that the caller sees, not only its input mappings. */
  readonly allVariables: boolean;
  /** Every variable of the called process comes back; else only what output mappings take. */
  readonly allResults: boolean;
}

/** A wait that this step ended: `completed` by the command itself, `cancelled` because its token was taken away. */
export interface ClosedWait {
  readonly slot: string;
  readonly how: 'completed' | 'cancelled';
}

/** What moved, in order. `enter` of an element with the property `workflowState` is what moves an order's state. */
export interface TrailEntry {
  readonly event: 'enter' | 'leave' | 'take' | 'error';
  readonly elementId: string;
  readonly elementType: string;
  readonly workflowState?: string;
}

/** A message or signal thrown by the diagram; it becomes a row, never a call into another instance. */
export interface Thrown {
  readonly kind: 'message' | 'signal' | 'escalation';
  readonly name: string;
  readonly elementId: string;
  readonly correlationKey?: string;
  /** What it brings: the input mappings of the event; absent when it has none. */
  readonly variables?: JsonObject;
}

/** A question that the step asked the outside, with what it was given and what it was told: the material of an explanation. */
export interface Asked {
  readonly elementId: string;
  readonly kind: 'expression' | 'decision';
  /** FEEL text without the leading `=`, or the decision's id. */
  readonly question: string;
  readonly inputs: JsonObject;
  readonly outcome: Json;
  /** Numbers (from 1) of the decision table's rules that matched. */
  readonly matchedRules?: readonly number[];
}

/** What the engine asks the outside. Synchronous and free of side effects; throws EvaluationFailed. */
export interface Oracle {
  /** Value of a FEEL expression (without the leading `=`) over `variables`; `inputs` are the variables it named. */
  evaluate(expression: string, variables: JsonObject, elementId: string): { readonly value: Json; readonly inputs: JsonObject };
  /** Result of a deployed decision. */
  decide(
    decisionId: string,
    variables: JsonObject,
    elementId: string,
  ): { readonly value: Json; readonly inputs: JsonObject; readonly matchedRules: readonly number[] };
}

/** What can happen to an instance. `slot` names the open wait it happens to. */
export type EngineCommand =
  | { readonly type: 'start'; readonly startEvent?: string; readonly variables: JsonObject }
  | { readonly type: 'complete' | 'message' | 'signal'; readonly slot: string; readonly variables: JsonObject }
  /** A BPMN error (code of an error boundary event) raised by a job or a called process. */
  | {
      readonly type: 'error';
      readonly slot: string;
      readonly code: string;
      readonly message: string;
      readonly variables: JsonObject;
    }
  /** An escalation that came up from a called process; it goes on unless an event here interrupts it. */
  | { readonly type: 'escalation'; readonly slot: string; readonly code: string; readonly variables: JsonObject }
  | { readonly type: 'timer'; readonly slot: string }
  /** Changed variables, of the instance or of one scope of it; conditional events look again. */
  | { readonly type: 'variables'; readonly variables: JsonObject; readonly scope?: string }
  /** Repair: the token that waits at `from` is taken away, and one is put before the element `to`; without `from` one more. */
  | { readonly type: 'move'; readonly from?: string; readonly to: string; readonly variables: JsonObject }
  /** Repair: the token that waits at the slot is taken away. */
  | { readonly type: 'drop'; readonly slot: string }
  | { readonly type: 'cancel' };

/** What an instance is between two steps. */
export interface Standing {
  /** Canonical engine state as JSON text; equal places give equal text. */
  readonly state: string;
  readonly variables: JsonObject;
  /** Local variables of sub-processes, loops and tasks, by the slot of their scope. */
  readonly locals?: Locals;
}

/** Variables that only one scope of an instance sees, by the slot of the scope. */
export type Locals = Readonly<Record<string, JsonObject>>;

export interface Advance {
  /** `failed`: the process ended by a BPMN error that nothing in it catches; see `error`. */
  readonly status: 'running' | 'completed' | 'cancelled' | 'failed';
  /** The BPMN error for who called the process. */
  readonly error?: { readonly code: string; readonly message: string; readonly elementId: string };
  /** Canonical engine state, or null when the instance has ended. */
  readonly state: string | null;
  readonly variables: JsonObject;
  readonly locals: Locals;
  /** Waits opened by this step, with everything their rows need. */
  readonly opened: readonly Wait[];
  readonly closed: readonly ClosedWait[];
  /** Slots of all waits that are open after this step. */
  readonly open: readonly string[];
  readonly trail: readonly TrailEntry[];
  readonly thrown: readonly Thrown[];
  readonly asked: readonly Asked[];
}

/** One element of a compiled process, as far as those outside the engine may know it. */
export interface ElementInfo {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  /** Id of the enclosing sub-process, or of the process. */
  readonly scope: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly jobType?: string;
  /** Candidate groups that are written out; groups given by an expression are known only when the task opens. */
  readonly candidateGroups?: readonly string[];
  readonly formId?: string;
  readonly decisionId?: string;
  readonly calledProcessId?: string;
  /** How a call activity is bound, as far as it is written out and not given by an expression. */
  readonly called?: Pick<CalledProcess, 'binding' | 'versionTag'>;
  readonly messageName?: string;
  readonly errorCode?: string;
  readonly attachedTo?: string;
}

/** What begins an instance of a process. */
export interface StartTrigger {
  readonly elementId: string;
  readonly kind: 'none' | 'message' | 'timer' | 'signal';
  /** Of a message or signal; a text, never an expression. */
  readonly name?: string;
  readonly timer?: { readonly type: 'timeDate' | 'timeDuration' | 'timeCycle'; readonly value: string };
  readonly properties: Readonly<Record<string, string>>;
}
