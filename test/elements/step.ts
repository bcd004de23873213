import type { EngineCommand } from '../../src/engine/index.ts';
import type { Json, JsonObject } from '../../src/support/json.ts';

/** What a test expects of one command. Waits go by the last part of their slot, `t` or `t[0]`, unless the whole slot is written. */
export interface Expectation {
  open?: readonly string[];
  slots?: readonly string[];
  entered?: readonly string[];
  variables?: JsonObject;
  some?: JsonObject;
  input?: Readonly<Record<string, Json | undefined>>;
  thrown?: readonly string[];
  cancelled?: readonly string[];
  refusal?: { readonly message: RegExp; readonly elementId?: string; readonly code?: string };
  ended?: boolean;
  failure?: readonly [code: string, elementId: string];
}

/** One command of a schedule, and what is expected of it. */
export class Step {
  readonly expected: Expectation = {};

  /** `resolve` turns the name of a wait into its slot. */
  constructor(
    readonly what: string,
    readonly command: (resolve: (name: string) => string) => EngineCommand,
    readonly now?: string,
  ) {}

  /** Exactly these waits are open. */
  waits(...open: readonly string[]): this {
    return this.expect({ open });
  }
  /** As `waits`, with whole slots. */
  slots(...slots: readonly string[]): this {
    return this.expect({ slots });
  }
  /** Exactly these elements were entered, in this order. */
  enters(...entered: readonly string[]): this {
    return this.expect({ entered });
  }
  /** All variables of the instance. */
  holds(variables: JsonObject): this {
    return this.expect({ variables });
  }
  /** Some variables of the instance. */
  has(some: JsonObject): this {
    return this.expect({ some });
  }
  /** What open waits were given: `{ t: { sku: 'a' } }`; undefined when they have no variables of their own. */
  gives(input: Readonly<Record<string, Json | undefined>>): this {
    return this.expect({ input });
  }
  /** What was thrown, as `kind name`. */
  throws(...thrown: readonly string[]): this {
    return this.expect({ thrown });
  }
  /** These waits were taken away. */
  cancels(...cancelled: readonly string[]): this {
    return this.expect({ cancelled });
  }
  /** The command fails and changes nothing. */
  fails(message: RegExp, more: { readonly elementId?: string; readonly code?: string } = {}): this {
    return this.expect({ refusal: { message, ...more } });
  }
  /** Nothing catches the BPMN error: who called the process is told; without a caller the instance stays where it stands. */
  breaks(code: string, elementId: string): this {
    return this.expect({ failure: [code, elementId] });
  }
  /** The instance has ended; with these variables, if they are given. */
  ends(variables?: JsonObject): this {
    return this.expect({ ended: true, ...(variables && { variables }) });
  }

  private expect(more: Expectation): this {
    Object.assign(this.expected, more);
    return this;
  }
}

export const start = (variables: JsonObject = {}, startEvent?: string): Step =>
  new Step('start', () => ({ type: 'start', variables, ...(startEvent !== undefined && { startEvent }) }));
const answer =
  (type: 'complete' | 'message' | 'signal') =>
  (at: string, variables: JsonObject = {}): Step =>
    new Step(`${type} ${at}`, (resolve) => ({ type, slot: resolve(at), variables }));
export const complete = answer('complete');
export const message = answer('message');
export const signal = answer('signal');
export const timer = (at: string, now?: string): Step =>
  new Step(`timer ${at}`, (resolve) => ({ type: 'timer', slot: resolve(at) }), now);
export const error = (at: string, code: string, variables: JsonObject = {}): Step =>
  new Step(`error ${at}`, (resolve) => ({ type: 'error', slot: resolve(at), code, message: 'told so', variables }));
/** A called process tells its caller of an escalation, and goes on. */
export const escalation = (at: string, code: string, variables: JsonObject = {}): Step =>
  new Step(`escalation ${at}`, (resolve) => ({ type: 'escalation', slot: resolve(at), code, variables }));
/** Variables of the instance change; or those of one scope. */
export const change = (variables: JsonObject, scope?: string): Step =>
  new Step('change variables', () => ({ type: 'variables', variables, ...(scope !== undefined && { scope }) }));
/** Repair: the token at `from` is put before another element; without `from` there is one more. */
export const move = (from: string | undefined, to: string, variables: JsonObject = {}): Step =>
  new Step(`move ${from ?? 'a new token'} to ${to}`, (resolve) => ({
    type: 'move',
    to,
    variables,
    ...(from !== undefined && { from: resolve(from) }),
  }));
/** Repair: the token at `at` is taken away. */
export const drop = (at: string): Step => new Step(`drop ${at}`, (resolve) => ({ type: 'drop', slot: resolve(at) }));
export const cancel = (): Step => new Step('cancel', () => ({ type: 'cancel' }));
