import { messageOf } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import { Asking } from './asking.ts';
import type { StepHooks } from './elements.ts';
import { StepFailed } from './errors.ts';
import type { Program } from './program.ts';
import type { RunMemory } from './snapshot.ts';
import type { Oracle, Thrown } from './types.ts';
import { inputOf, mergeResult } from './variables.ts';
import { loopItems } from './waits.ts';

/** A question that decided where a token goes: with another answer the step would be another one. */
export type Heard =
  | { readonly kind: 'condition'; readonly id: string; readonly outcome: boolean }
  | { readonly kind: 'decision' | 'throw' | 'loop'; readonly id: string };

/** Answers what elements ask while tokens move, over the variables of the step, which decisions and loops change on the way. */
export class Answers implements StepHooks {
  readonly asking: Asking;
  readonly thrown: Thrown[] = [];
  /** What was asked, in order; a replay (replay.ts) asks the same. */
  readonly heard: Heard[] = [];
  /** By execution id; see RunMemory. */
  readonly memory = new Map<string, RunMemory>();
  /** The engine swallows or wraps what its elements throw; the first fault is kept here and thrown when the engine has come to rest. */
  fault: StepFailed | undefined;

  constructor(
    readonly program: Program,
    oracle: Oracle,
    public variables: JsonObject,
  ) {
    this.asking = new Asking(oracle);
  }

  condition(flowId: string): boolean {
    const { condition = '' } = this.program.flow(flowId);
    const outcome = this.keepFault(flowId, () => this.asking.truth(condition, this.variables, flowId));
    this.heard.push({ kind: 'condition', id: flowId, outcome });
    return outcome;
  }

  decide(elementId: string): void {
    this.heard.push({ kind: 'decision', id: elementId });
    this.keepFault(elementId, () => {
      const element = this.program.element(elementId);
      const visible = { ...this.variables, ...inputOf(element, this.variables, this.asking) };
      const value = this.asking.decision(element.decision?.id ?? '', visible, elementId);
      const result = { [element.decision?.resultVariable ?? '']: value };
      this.variables = mergeResult(element, this.variables, result, this.asking);
    });
  }

  /** Asked once when the loop begins; the output collection is made then, with a null for every run. */
  loopSize(elementId: string, executionId: string): number {
    this.heard.push({ kind: 'loop', id: elementId });
    const known = this.memory.get(executionId)?.size;
    if (known !== undefined) return known;
    return this.keepFault(elementId, () => {
      const element = this.program.element(elementId);
      const { length: size } = loopItems(element, this.variables, this.asking);
      this.memory.set(executionId, { size });
      const collection = element.loop?.outputCollection;
      if (collection !== undefined) this.variables = { ...this.variables, [collection]: Array<null>(size).fill(null) };
      return size;
    });
  }

  loopDone(elementId: string): boolean {
    const condition = this.program.element(elementId).loop?.completionCondition;
    return condition !== undefined && this.keepFault(elementId, () => this.asking.truth(condition, this.variables, elementId));
  }

  /** A message or signal is thrown. */
  throwEvent(elementId: string): void {
    this.heard.push({ kind: 'throw', id: elementId });
    this.keepFault(elementId, () => {
      const { event } = this.program.element(elementId);
      const name = this.asking.text(event?.name ?? '', this.variables, elementId, 'the name of what is thrown');
      const key = event?.correlationKey;
      const correlationKey =
        key === undefined ? undefined : this.asking.text(key, this.variables, elementId, 'the correlation key');
      const kind = event?.kind === 'signal' ? 'signal' : 'message';
      this.thrown.push({ kind, name, elementId, ...(correlationKey !== undefined && { correlationKey }) });
    });
  }

  private keepFault<T>(elementId: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.fault ??= error instanceof StepFailed ? error : new StepFailed(elementId, messageOf(error), { cause: error });
      throw error;
    }
  }
}
