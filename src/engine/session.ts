import type { Answers } from './answers.ts';
import { createExpressions } from './elements.ts';
import { StepFailed } from './errors.ts';
import { Engine, type Definition, type EngineInstance, type Message, type Scope } from './facade.ts';
import { slotOf, type ScopeMarking } from './marking.ts';
import type { Program } from './program.ts';
import { engineState, runMemories } from './recovery.ts';
import { takeSnapshot, type Run, type Snapshot } from './snapshot.ts';
import { Trail } from './trail.ts';
import { waitKindOf } from './waits.ts';

const noTimers = { executing: [], register: () => noTimers, setTimeout: () => ({}), clearTimeout: () => undefined };
const noScripts = { register: () => undefined, getScript: () => undefined };
const silent = { debug: () => undefined, error: () => undefined, warn: () => undefined };
/** `batchSize`: all runs of a parallel loop are open at once; `disableTrackState`: elements without a token have no state. */
const settings = { strict: false, disableTrackState: true, batchSize: 1000 };

/**
 * One step's use of bpmn-engine: made for one command and thrown away with it. Nothing in it waits: when `start` or `restore` resolves, or
 * `fire` returns, every token has come to rest.
 */
export class Session {
  readonly trail: Trail;
  private readonly announced = new Map<string, Message>();
  private readonly raised: string[] = [];
  private definition: Definition | undefined;
  private engineFault: { readonly elementId: string | null; readonly error: unknown } | undefined;
  private restoring = false;

  constructor(
    readonly program: Program,
    readonly answers: Answers,
  ) {
    this.trail = new Trail(program.model);
  }

  async start(startEvent: string): Promise<void> {
    const engine = this.createEngine(this.program.sourceStartingAt(startEvent));
    await this.watch(() => engine.execute());
    this.definition = engine.execution?.definitions[0];
    this.throwFault();
  }

  /** Puts the tokens of a marking back. Nothing is noted and nothing is asked on the way. */
  async restore(marking: ScopeMarking): Promise<void> {
    const engine = this.createEngine(this.program.sourceRunning());
    for (const [executionId, memory] of runMemories(marking)) this.answers.memory.set(executionId, memory);
    this.restoring = true;
    engine.recover(engineState(this.program.model, marking));
    this.definition = engine.execution?.definitions[0];
    await this.watch(() => engine.resume());
    this.restoring = false;
    this.throwFault();
  }

  get isRunning(): boolean {
    return this.definition?.isRunning ?? false;
  }

  /** The innermost thing that the engine runs for this instance: its process. */
  get scope(): Scope {
    const scope = this.definition?.getRunningProcesses()[0]?.execution;
    if (!scope) throw new StepFailed(null, 'the engine runs no process');
    return scope;
  }

  snapshot(): Snapshot {
    return takeSnapshot(this.program.model, this.scope, this.answers.memory);
  }

  /** Runs that wait for something from outside, by execution id. */
  waits(): ReadonlyMap<string, Run> {
    if (!this.isRunning) return new Map();
    const waits = [...this.snapshot().runs].filter(([, run]) => this.isWait(run));
    const deaf = waits.find(([executionId]) => !this.announced.has(executionId));
    if (deaf) throw new StepFailed(deaf[1].elementId, 'a token lies here, but the engine does not wait for anything');
    return new Map(waits);
  }

  /** Firings that may follow the next one of a timer that was armed again, or put back. */
  repeatOf(executionId: string): number | undefined {
    return this.announced.get(executionId)?.content.inbound?.[0]?.repeat;
  }

  /** Lets a waiting run go on. */
  async fire(executionId: string): Promise<void> {
    const message = this.announced.get(executionId);
    if (!message) throw new StepFailed(null, `no run ${executionId} waits`);
    await this.watch(() => this.definition?.getApi(message).signal());
    this.throwFault();
  }

  /** Takes the token of a run to the nearest boundary event that catches the BPMN error. Throws StepFailed when there is none. */
  async raise(run: Run, code: string, text = ''): Promise<void> {
    const catcher = this.program.catcherOf(run.elementId, code);
    const around = run.slot.split('/').slice(0, -1);
    const slot = catcher && slotOf(around.slice(0, around.indexOf(catcher.scope) + 1).join('/'), catcher.id);
    const armed = [...this.snapshot().runs].find(([, candidate]) => candidate.slot === slot);
    if (!armed)
      throw new StepFailed(run.elementId, `no boundary event catches the BPMN error ${code}${text && ` (${text})`}`, { code });
    this.trail.error(run.elementId);
    await this.fire(armed[0]);
  }

  /** The next run that stands at an error end event, if any. */
  nextRaised(): Run | undefined {
    for (let executionId = this.raised.shift(); executionId !== undefined; executionId = this.raised.shift()) {
      const run = this.isRunning ? this.snapshot().runs.get(executionId) : undefined;
      if (run) return run;
    }
    return undefined;
  }

  /** Does something that makes tokens move, and throws StepFailed when it fails. */
  async move(work: () => void): Promise<void> {
    await this.watch(work);
    this.throwFault();
  }

  private createEngine(sourceContext: object): EngineInstance {
    const expressions = createExpressions(this.answers);
    const engine = new Engine({
      name: 'orderflow',
      sourceContext,
      expressions,
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
    this.trail.note(key, content);
    if (key !== 'activity.throw') return;
    if (this.program.element(content.id).event?.kind === 'error') this.raised.push(content.executionId);
    else this.answers.throwEvent(content.id);
  }

  private isWait({ elementId, index }: Run): boolean {
    const element = this.program.element(elementId);
    return waitKindOf(element) !== undefined && (element.loop === undefined || index !== undefined);
  }

  private async watch(work: () => unknown): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.engineFault ??= { elementId: null, error };
    }
  }

  private throwFault(): void {
    if (this.answers.fault) throw this.answers.fault;
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
