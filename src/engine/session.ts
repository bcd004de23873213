import type { Answers } from './answers.ts';
import { createExpressions } from './elements.ts';
import { StepFailed } from './errors.ts';
import { Engine, type Content, type Definition, type EngineInstance, type Message, type Scope } from './facade.ts';
import { releaseInclusiveJoin } from './inclusive.ts';
import { isJoin } from './joins.ts';
import type { Run } from './marking.ts';
import type { ScopeProgram } from './program.ts';
import { engineState, rememberRuns } from './recovery.ts';
import { takeSnapshot, type RunMemory, type Snapshot, type Tokens } from './snapshot.ts';
import type { ScopeTrail } from './trail.ts';
import type { ScopeSource } from './source.ts';

const noTimers = { executing: [], register: () => noTimers, setTimeout: () => ({}), clearTimeout: () => undefined };
const noScripts = { register: () => undefined, getScript: () => undefined };
const silent = { debug: () => undefined, error: () => undefined, warn: () => undefined };
/** `batchSize`: all runs of a parallel loop are open at once; `disableTrackState`: elements without a token have no state. */
const settings = { strict: false, disableTrackState: true, batchSize: 1000 };

/** Elements that only pass their token on. A start event that waited for something has taken its result over already. */
const passing = /:(?:Task|ManualTask|IntermediateThrowEvent|EndEvent)$/;

/** What a session works for: the scope that it executes and the step that it belongs to. */
export interface SessionContext {
  readonly scope: ScopeProgram;
  /** Slot of the scope. */
  readonly path: string;
  readonly answers: Answers;
  readonly trail: ScopeTrail;
}

/**
 * One step's use of bpmn-engine for one scope: made for the step and thrown away with it. Nothing in it waits: when `start` or `restore`
 * resolves, or `fire` returns, every token of the scope has come to rest.
 */
export class Session {
  private readonly memory: RunMemory = { left: new Map(), sizes: new Map() };
  private readonly announced = new Map<string, Message>();
  private readonly raised: string[] = [];
  private definition: Definition | undefined;
  private engineFault: { readonly elementId: string | null; readonly error: unknown } | undefined;
  private restoring = false;

  constructor(private readonly context: SessionContext) {}

  /** Begins the scope at an element. */
  async start(element: string): Promise<void> {
    const engine = this.createEngine(this.context.scope.sourceStartingAt(element));
    await this.watch(() => engine.execute());
    this.definition = engine.execution?.definitions[0];
    this.throwFault();
  }

  /** Puts tokens back, with elements that are about to get one (`towards`). Nothing is noted and nothing is asked on the way. */
  async restore(tokens: Tokens, towards: readonly string[] = []): Promise<void> {
    const { scope, path, answers } = this.context;
    const live = new Set([...Object.keys(tokens.active), ...Object.keys(tokens.held), ...towards]);
    const engine = this.createEngine(scope.sourceWith([...live]));
    rememberRuns(path, tokens, this.memory);
    this.restoring = true;
    engine.recover(engineState(answers.program.model, scope.id, path, tokens));
    this.definition = engine.execution?.definitions[0];
    await this.watch(() => engine.resume());
    this.restoring = false;
    this.throwFault();
  }

  get isRunning(): boolean {
    return this.definition?.isRunning ?? false;
  }

  snapshot(): Snapshot {
    if (!this.isRunning) return { tokens: { active: {}, held: {} }, runs: new Map() };
    return takeSnapshot(this.scope, this.context.path, this.memory);
  }

  /** Runs that hold a token, by execution id. */
  runs(): ReadonlyMap<string, Run> {
    return this.snapshot().runs;
  }

  /** Whether the engine has announced that the run waits. */
  hears(executionId: string): boolean {
    return this.announced.has(executionId);
  }

  /** Firings that may follow the next one of a timer that was armed again, or put back. */
  repeatOf(executionId: string): number | undefined {
    return this.announced.get(executionId)?.content.inbound?.[0]?.repeat;
  }

  /** Notes how often a timer may fire after the next time. */
  setRepeat(executionId: string, left: number): void {
    this.memory.left.set(executionId, left);
  }

  /** Lets a waiting run go on. */
  async fire(executionId: string): Promise<void> {
    const message = this.announced.get(executionId);
    if (!message) throw new StepFailed(null, `no run ${executionId} waits`);
    await this.watch(() => this.definition?.getApi(message).signal());
    this.throwFault();
  }

  /** Puts a token before an element that has none. */
  async enter(elementId: string): Promise<void> {
    const activity = this.scope.getActivities().find(({ id }) => id === elementId);
    if (!activity || activity.status !== undefined)
      throw new StepFailed(elementId, 'there is a token already; a second one would wait behind it');
    // a join goes on with the tokens that wait at it, as if this had been the last one
    await this.watch(() => (isJoin(activity) && activity.flowsWithToken().size > 0 ? activity.release() : activity.run()));
    this.throwFault();
  }

  /** Releases one inclusive join that no token can feed any more; answers whether there was one. */
  async releaseJoin(): Promise<boolean> {
    if (!this.isRunning) return false;
    let moved = false;
    await this.watch(() => (moved = releaseInclusiveJoin(this.context.answers.program.model, this.scope)));
    this.throwFault();
    return moved;
  }

  /** The next run that throws something which an event of the instance may catch, if it is still there. */
  nextRaised(): { readonly executionId: string; readonly run: Run } | undefined {
    for (let executionId = this.raised.shift(); executionId !== undefined; executionId = this.raised.shift()) {
      const run = this.runs().get(executionId);
      if (run) return { executionId, run };
    }
    return undefined;
  }

  private get scope(): Scope {
    const scope = this.definition?.getRunningProcesses()[0]?.execution;
    if (!scope) throw new StepFailed(null, 'the engine runs no process');
    return scope;
  }

  private createEngine(sourceContext: ScopeSource): EngineInstance {
    const { answers, path } = this.context;
    const engine = new Engine({
      name: 'orderflow',
      sourceContext,
      expressions: createExpressions(
        answers.hooksFor(path, { sizes: this.memory.sizes, open: (id, but) => this.openRuns(id, but) }),
      ),
      timers: noTimers,
      scripts: noScripts,
      Logger: () => silent,
      settings,
    });
    // an EventEmitter throws an error that nobody listens to
    engine.on('error', (error) => (this.engineFault ??= { elementId: null, error }));
    const options = { noAck: true, consumerTag: 'session', priority: 1000 };
    engine.broker.subscribeTmp('event', '#', (key, message) => this.onEvent(key, message), options);
    return engine;
  }

  private onEvent(key: string, message: Message): void {
    const { content } = message;
    if (key === 'activity.wait') this.announced.set(content.executionId, message);
    if (key === 'activity.error') this.engineFault ??= { elementId: content.id, error: content['error'] };
    if (key === 'definition.error') this.engineFault ??= { elementId: null, error: content['error'] };
    if (this.restoring) return;
    this.context.trail.note(key, content);
    if (key === 'activity.end') this.onEnd(content);
    if (key === 'activity.throw') this.onThrow(content);
  }

  /** What a loop has collected, or an element maps that only passes its token on, must be there before the flows behind it are looked at. */
  private onEnd({ id }: Content): void {
    const { answers, path } = this.context;
    const element = answers.program.model.elements.get(id);
    if (element?.loop) answers.endLoop(path, id);
    else if (element && element.outputs.length > 0 && passing.test(element.type)) answers.pass(path, id);
  }

  /** How many runs of a loop are open, but for one that is just ending. */
  private openRuns(elementId: string, but: number): number {
    const runs = [...this.runs().values()].filter((run) => run.elementId === elementId && run.index !== undefined);
    return runs.filter(({ index }) => index !== but).length;
  }

  private onThrow({ id, executionId }: Content): void {
    const { answers, path } = this.context;
    const kind = answers.program.element(id).event?.kind;
    if (kind === 'message' || kind === 'signal') answers.throwEvent(path, id);
    else this.raised.push(executionId);
  }

  private async watch(work: () => unknown): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.engineFault ??= { elementId: null, error };
    }
  }

  private throwFault(): void {
    if (this.context.answers.fault) throw this.context.answers.fault;
    if (!this.engineFault) return;
    const { elementId, error } = this.engineFault;
    if (error instanceof StepFailed) throw error;
    const tooDeep = error instanceof RangeError && /call stack/.test(error.message);
    const text = tooDeep
      ? 'the step passes through too many elements without coming to a wait'
      : ((error as Error | undefined)?.message ?? 'the engine failed');
    throw new StepFailed(elementId, text, { cause: error });
  }
}
