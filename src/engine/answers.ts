import { messageOf } from '../support/errors.ts';
import type { Json, JsonObject } from '../support/json.ts';
import { Asking } from './asking.ts';
import type { StepHooks } from './elements.ts';
import { StepFailed } from './errors.ts';
import { loopVariables, loopItems } from './loops.ts';
import { slotOf, type Run } from './marking.ts';
import { standardLoopType, type ElementModel } from './model.ts';
import type { Program } from './program.ts';
import { ScopedVariables } from './scoped-variables.ts';
import type { EngineCommand, Locals, Oracle, Thrown, Wait } from './types.ts';
import { inputOf, mergeLoopResult, mergeResult, outputVariable } from './variables.ts';
import { describeWait } from './waits.ts';

/** A question that decided where a token goes, or a change of variables on the way; with other answers the step would be another one. */
export type Heard =
  | { readonly kind: 'condition'; readonly path: string; readonly id: string; readonly outcome: boolean }
  | { readonly kind: 'compute' | 'throw' | 'loop' | 'pass'; readonly path: string; readonly id: string }
  | { readonly kind: 'openScope'; readonly path: string; readonly run: Run }
  | { readonly kind: 'closeScope'; readonly run: Run }
  | { readonly kind: 'dropScope'; readonly path: string };

/** Answers what elements ask while tokens move, over the variables that the asking scope sees, and changes variables on the way. */
export class Answers {
  readonly asking: Asking;
  readonly thrown: Thrown[] = [];
  /** What was asked, in order; a replay (replay.ts) asks the same. */
  readonly heard: Heard[] = [];
  readonly variables: ScopedVariables;
  /** The engine swallows or wraps what its elements throw; the first fault is kept here and thrown when the engine has come to rest. */
  fault: StepFailed | undefined;
  /** What the run of a loop that ended last brought and had of its own: its completion condition sees it. */
  private lastRun: JsonObject = {};

  constructor(
    readonly program: Program,
    oracle: Oracle,
    variables: JsonObject,
    locals?: Locals,
  ) {
    this.asking = new Asking(oracle);
    this.variables = new ScopedVariables(variables, locals);
  }

  /** What the elements of one scope ask; `sizes`: runs of the loops that are on the way, by execution id. */
  hooksFor(path: string, { sizes, open }: LoopCounts): StepHooks {
    return {
      condition: (flowId) => this.condition(path, flowId),
      compute: (elementId) => this.compute(path, elementId),
      loopSize: (elementId, executionId) => {
        this.heard.push({ kind: 'loop', path, id: elementId });
        const size = sizes.get(executionId) ?? this.beginLoop(path, elementId);
        sizes.set(executionId, size);
        return size;
      },
      loopDone: (elementId, index, executionId) =>
        this.loopDone(path, elementId, index, { size: sizes.get(executionId) ?? 0, open: () => open(elementId, index) }),
    };
  }

  condition(path: string, id: string): boolean {
    const { condition = '' } = this.program.flow(id);
    const outcome = this.keepFault(id, () => this.asking.truth(condition, this.variables.visible(path), id));
    this.heard.push({ kind: 'condition', path, id, outcome });
    return outcome;
  }

  /** A business rule task decides, a script task evaluates: the result becomes a variable. */
  compute(path: string, id: string): void {
    this.heard.push({ kind: 'compute', path, id });
    this.passThrough(path, id, (element, visible) => this.computed(element, visible));
  }

  /** An element is entered and left at once: its input mappings, what it brings, its output mappings. */
  private passThrough(path: string, id: string, bring: (element: ElementModel, visible: JsonObject) => JsonObject): void {
    this.keepFault(id, () => {
      const element = this.program.element(id);
      const slot = slotOf(path, id);
      this.variables.declare(slot, inputOf(element, this.variables.visible(path), this.asking) ?? {});
      mergeResult(element, slot, this.variables, bring(element, this.variables.visible(slot)), this.asking);
      this.variables.drop(slot);
    });
  }

  private computed({ id, script, decision }: ElementModel, visible: JsonObject): JsonObject {
    if (script) return { [script.resultVariable]: this.asking.value(script.expression, visible, id) };
    return { [decision?.resultVariable ?? '']: this.asking.decision(decision?.id ?? '', visible, id) };
  }

  /** Asked once when the loop begins; the output collection is made then, with a null for every run. */
  private beginLoop(path: string, id: string): number {
    return this.keepFault(id, () => {
      const element = this.program.element(id);
      const visible = this.variables.visible(path);
      if (element.loopType === standardLoopType) return this.standardLoopSize(element, visible);
      const items = loopItems(element, visible, this.asking);
      const { inputElement, outputCollection } = element.loop ?? {};
      const body = slotOf(path, id);
      if (inputElement !== undefined && items.length > 0) this.variables.declare(listOf(body), { items });
      if (outputCollection !== undefined)
        this.variables.declare(body, { [outputCollection]: Array<null>(items.length).fill(null) });
      return items.length;
    });
  }

  private standardLoopSize({ id, loop }: ElementModel, visible: JsonObject): number {
    const { loopCondition = '', testBefore, maximum = maximumRuns } = loop ?? {};
    return testBefore && loopCondition !== '' && !this.asking.truth(loopCondition, visible, id) ? 0 : maximum;
  }

  private loopDone(path: string, id: string, index: number, count: { size: number; open: () => number }): boolean {
    const { loop, loopType } = this.program.element(id);
    if (loopType !== standardLoopType && loop?.completionCondition === undefined) return false;
    return this.keepFault(id, () => {
      const visible = { ...this.variables.visible(slotOf(path, id)), ...this.lastRun };
      if (loopType !== standardLoopType)
        return this.asking.truth(loop?.completionCondition ?? '', { ...visible, ...this.runCounts(id, index, count) }, id);
      const goesOn = loop?.loopCondition === undefined || this.asking.truth(loop.loopCondition, visible, id);
      if (goesOn && loop?.maximum === undefined && index + 1 >= maximumRuns)
        throw new StepFailed(id, `the loop has run ${maximumRuns} times and its condition is still true`);
      return !goesOn;
    });
  }

  /** What a completion condition may count; of the runs, the one that has just ended is a completed one. */
  private runCounts(id: string, index: number, { size, open }: { size: number; open: () => number }): JsonObject {
    const active = this.program.element(id).sequential ? 0 : open();
    const completed = this.program.element(id).sequential ? index + 1 : size - active;
    return {
      numberOfInstances: size,
      numberOfActiveInstances: active,
      numberOfCompletedInstances: completed,
      numberOfTerminatedInstances: 0,
    };
  }

  /** A loop is over: what it collected is seen by what comes next. */
  endLoop(path: string, id: string): void {
    const body = slotOf(path, id);
    const collection = this.program.element(id).loop?.outputCollection;
    const local = this.variables.localsOf(body);
    this.variables.drop(body);
    if (collection !== undefined && Object.hasOwn(local, collection))
      this.variables.write(path, { [collection]: local[collection] ?? null });
  }

  /** A token enters a sub-process: its input mappings and, in a loop, the element of its run become local variables. */
  openScope(path: string, run: Run): void {
    this.heard.push({ kind: 'openScope', path, run });
    this.keepFault(run.elementId, () => this.declareLocals(this.program.element(run.elementId), path, run));
  }

  /** A sub-process has ended: its output mappings are made, and its local variables are gone. */
  closeScope(run: Run): void {
    this.heard.push({ kind: 'closeScope', run });
    this.keepFault(run.elementId, () => this.finish(this.program.element(run.elementId), run, {}));
  }

  /** A sub-process was taken away with everything in it. */
  dropScope(path: string): void {
    this.heard.push({ kind: 'dropScope', path });
    this.variables.drop(path);
  }

  /** What a run brought becomes variables, and its own local ones are gone. */
  finish(element: ElementModel, { slot, index }: Run, result: JsonObject): void {
    // an event sub-process that does not interrupt has an index too, but is no loop
    const isRun = element.loop !== undefined && index !== undefined;
    if (isRun) mergeLoopResult(element, slot, index, this.variables, result, this.asking);
    else mergeResult(element, slot, this.variables, result, this.asking);
    this.lastRun = !isRun ? {} : { ...result, ...this.variables.localsOf(slot) };
    this.variables.drop(slot);
  }

  /** The wait that a run has opened, with the local variables that it begins with. */
  openWait(path: string, run: Run, now: Date): Wait {
    const element = this.program.element(run.elementId);
    const input = this.declareLocals(element, path, run);
    return describeWait(element, run, input, this.variables.visible(run.slot), this.asking, now);
  }

  /** A message or signal is thrown, or an escalation that nothing in the instance catches. */
  throwEvent(path: string, id: string): void {
    this.heard.push({ kind: 'throw', path, id });
    this.keepFault(id, () => {
      const element = this.program.element(id);
      const { event } = element;
      if (event?.kind === 'escalation')
        return this.thrown.push({ kind: 'escalation', name: event.errorCode ?? '', elementId: id });
      const variables = inputOf(element, this.variables.visible(path), this.asking);
      const visible = { ...this.variables.visible(path), ...variables };
      const name = this.asking.text(event?.name ?? '', visible, id, 'the name of what is thrown');
      const key = event?.correlationKey;
      const correlationKey = key === undefined ? undefined : this.asking.text(key, visible, id, 'the correlation key');
      const kind = event?.kind === 'signal' ? 'signal' : 'message';
      return this.thrown.push({
        kind,
        name,
        elementId: id,
        ...(correlationKey !== undefined && { correlationKey }),
        ...(variables && { variables }),
      });
    });
  }

  /** An element that only passes its token on has output mappings. */
  pass(path: string, id: string): void {
    this.heard.push({ kind: 'pass', path, id });
    this.passThrough(path, id, () => ({}));
  }

  /** Takes over what a command brings; a timer brings nothing, but its event may have output mappings. */
  takeOver(command: EngineCommand, target: Run | null): void {
    const brought = 'variables' in command ? command.variables : {};
    if (target) this.finish(this.program.element(target.elementId), target, brought);
    else if (command.type === 'variables' && command.scope !== undefined) this.variables.declare(command.scope, brought);
    else this.variables.write('', brought);
  }

  private declareLocals(element: ElementModel, path: string, run: Run): JsonObject | undefined {
    this.variables.renew(run.slot);
    const loop = this.loopLocals(element, path, run);
    if (loop) this.variables.declare(run.slot, { ...outputVariable(element), ...loop });
    const input = inputOf(element, this.variables.visible(run.slot), this.asking);
    if (input) this.variables.declare(run.slot, input);
    return loop || input ? { ...loop, ...input } : undefined;
  }

  private loopLocals(element: ElementModel, path: string, run: Run): JsonObject | undefined {
    const body = slotOf(path, element.id);
    const list = this.variables.localsOf(listOf(body))['items'];
    const items = (): readonly Json[] =>
      (list as readonly Json[] | undefined) ?? loopItems(element, this.variables.visible(path), this.asking);
    return loopVariables(element, run, items);
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

/** What loops ask of the scope that executes them: their sizes by execution id, and how many runs but one are open. */
export interface LoopCounts {
  readonly sizes: Map<string, number>;
  readonly open: (elementId: string, but: number) => number;
}

/** Where a loop keeps the list that it began with; no expression sees it. */
const listOf = (body: string): string => `${body}#`;

/** Runs of a standard loop that has no maximum of its own. */
const maximumRuns = 1_000;
