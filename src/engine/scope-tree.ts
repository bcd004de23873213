import type { Answers } from './answers.ts';
import { slotOf, runId, type ActiveElement, type ArmedStart, type Run, type ScopeMarking } from './marking.ts';
import { isScope, type ElementModel } from './model.ts';
import type { ScopeProgram } from './program.ts';
import { Session } from './session.ts';
import type { Tokens } from './snapshot.ts';
import { ScopeTrail, type Trail } from './trail.ts';
import { triggerKindOf, waitKindOf } from './waits.ts';

/** A wait of a scope: a run of the engine, or the armed start event of an event sub-process. */
export interface OpenWait {
  readonly key: string;
  /** The same for one that is armed again in the place of another. */
  readonly place: string;
  readonly run: Run;
  readonly scope: ScopeNode;
  /** The engine's name of the run; absent for a start event, which no token lies on. */
  readonly executionId?: string;
}

/**
 * One running scope of an instance during a step: the process, a sub-process, one run of a repeating sub-process, or an event sub-process. The
 * engine is started for it only when one of its tokens moves; until then its tokens are what the marking says.
 */
export class ScopeNode {
  readonly children: ScopeNode[] = [];
  readonly armed = new Map<string, ArmedStart>();
  readonly trail: ScopeTrail;
  session: Session | undefined;
  /** Tells one use of a slot from the next, within a step. */
  private readonly uid: number;
  /** How often an armed start event was armed again in this step. */
  private readonly generations = new Map<string, number>();
  private tokens: Tokens = { active: {}, held: {} };

  constructor(
    readonly program: ScopeProgram,
    readonly answers: Answers,
    private readonly wholeTrail: Trail,
    readonly parent: ScopeNode | null,
    /** The run of the sub-process in the parent's scope; its slot is this scope's path. Null for the process itself. */
    readonly run: Run | null,
    /** The engine's name of that run; absent for an event sub-process, which no token lies on. A slot may be left and entered again in one step. */
    readonly hostId?: string,
  ) {
    this.trail = new ScopeTrail(wholeTrail);
    this.uid = wholeTrail.scopes += 1;
  }

  get path(): string {
    return this.run?.slot ?? '';
  }

  /** The sub-process; undefined for the process itself. */
  get element(): ElementModel | undefined {
    return this.run ? this.answers.program.element(this.run.elementId) : undefined;
  }

  /** Whether an event sub-process has taken over this scope: nothing else in it can be triggered any more. */
  get isInterrupted(): boolean {
    return this.children.some(({ element, run }) => element?.isEventSubProcess && run?.index === undefined);
  }

  /** Whether no token is left in the scope. */
  get hasEnded(): boolean {
    return this.isEmpty && this.children.length === 0;
  }

  /** Whether the scope's own flow has no token. */
  get isEmpty(): boolean {
    return this.session ? !this.session.isRunning : isEmpty(this.tokens);
  }

  /** Takes over what a marking says, with all scopes inside. */
  load(marking: ScopeMarking): void {
    const active: Record<string, ActiveElement> = {};
    for (const [id, { inside, runs, ...rest }] of Object.entries(marking.active)) {
      const element = this.answers.program.element(id);
      if (!element.isEventSubProcess) active[id] = rest;
      if (inside) this.addChild(element).load(inside);
      for (const [index, run] of Object.entries(runs ?? {})) this.addChild(element, Number(index)).load(run);
    }
    this.tokens = { active, held: marking.held };
    for (const [id, start] of Object.entries(marking.armed ?? {})) this.armed.set(id, start);
  }

  /** The inside of a sub-process. `hostId`: the run of the sub-process in this scope; when left out, as it is put back from a marking. */
  addChild(element: ElementModel, index?: number, hostId = restoredId(this.path, element.id, index)): ScopeNode {
    const run = { slot: slotOf(this.path, element.id, index), elementId: element.id, ...(index !== undefined && { index }) };
    const own = element.isEventSubProcess ? undefined : hostId;
    const child = new ScopeNode(this.answers.program.scope(element.id), this.answers, this.wholeTrail, this, run, own);
    this.children.push(child);
    return child;
  }

  /** The scope's marking as it is now, with all scopes inside. */
  marking(): ScopeMarking {
    const { active, held } = this.session?.snapshot().tokens ?? this.tokens;
    const filled: Record<string, ActiveElement> = { ...active };
    for (const { run, ...child } of this.children.map((node) => ({ run: node.run as Run, inside: node.marking() }))) {
      const { index, elementId } = run;
      const own = filled[elementId] ?? {};
      filled[elementId] =
        index === undefined ? { ...own, inside: child.inside } : { ...own, runs: { ...own.runs, [index]: child.inside } };
    }
    return { active: filled, held, ...(this.armed.size > 0 && { armed: Object.fromEntries(this.armed) }) };
  }

  /** Runs that hold a token in this scope, by the engine's execution id. */
  runs(): ReadonlyMap<string, Run> {
    if (this.session) return this.session.runs();
    const runs = new Map<string, Run>();
    for (const [id, { loop }] of Object.entries(this.tokens.active)) {
      runs.set(runId(this.path, id), { slot: slotOf(this.path, id), elementId: id });
      for (const index of loop?.open ?? []) {
        runs.set(restoredId(this.path, id, index), { slot: slotOf(this.path, id, index), elementId: id, index });
      }
    }
    return runs;
  }

  /** What waits for something from outside, in this scope alone. */
  waits(): readonly OpenWait[] {
    const { program } = this.answers;
    const starts = [...this.armed.keys()].map((id) => ({
      key: `${this.uid}>${id}:${this.generations.get(id) ?? 0}`,
      place: `${this.uid}/${id}`,
      run: { slot: slotOf(this.path, id), elementId: id },
      scope: this,
    }));
    const running = this.runs();
    const wholes = new Map([...running].filter(([, { index }]) => index === undefined).map(([id, run]) => [run.elementId, id]));
    const runs = [...running].flatMap(([executionId, run]) => {
      const element = program.element(run.elementId);
      const isRun = element.loop === undefined || run.index !== undefined;
      if (!isRun || waitKindOf(element) === undefined) return [];
      // a boundary event that is armed again stays with the run of its host; with another run it is another one
      const place = `${this.uid}/${run.slot}@${wholes.get(element.attachedTo ?? '') ?? ''}`;
      return [{ key: `${this.uid}:${executionId}`, place, run, scope: this, executionId }];
    });
    return [...runs, ...starts];
  }

  /** Runs of sub-processes in this scope. */
  hosts(): readonly (readonly [executionId: string, run: Run])[] {
    const { program } = this.answers;
    return [...this.runs()].filter(([, { elementId, index }]) => {
      const { type, loop } = program.element(elementId);
      return isScope(type) && (loop === undefined || index !== undefined);
    });
  }

  /** Scopes inside whose sub-process holds no token any more, because it was interrupted or this scope terminated. */
  takenAway(): readonly ScopeNode[] {
    if (!this.session || this.children.length === 0) return [];
    if (this.trail.terminated && !this.session.isRunning) return [...this.children].toReversed();
    const hosts = new Set(this.hosts().map(([id]) => id));
    return this.children.filter(({ hostId }) => hostId !== undefined && !hosts.has(hostId));
  }

  /** The engine at work on this scope, with its tokens put back; `towards` are elements that are about to get one. */
  async awaken(towards: readonly string[] = []): Promise<Session> {
    if (this.session) return this.session;
    const session = this.createSession();
    await session.restore(this.tokens, towards);
    this.session = session;
    return session;
  }

  /** Begins the scope at an element. The start events of its event sub-processes are armed. */
  async start(element: string): Promise<void> {
    for (const start of this.program.eventStarts) if (triggerKindOf(start)) this.armed.set(start.id, {});
    await this.startAgain(element);
  }

  /** Begins the flow of a scope at an element, when no token is in it any more. */
  async startAgain(element: string): Promise<void> {
    const session = this.createSession();
    this.session = session;
    await session.start(element);
  }

  /** Takes every token of the scope's own flow away. */
  clear(): void {
    this.session = undefined;
    this.tokens = { active: {}, held: {} };
  }

  /** Takes the token of one run away, before the engine is at work: with its boundary events, or with what else its event gateway waits for. */
  forget({ elementId, index }: Run): void {
    const { [elementId]: gone, ...active } = this.tokens.active;
    const open = gone?.loop?.open.filter((each) => each !== index) ?? [];
    if (index !== undefined && open.length > 0) {
      const loop = { size: gone?.loop?.size ?? 0, open };
      this.tokens = { ...this.tokens, active: { ...active, [elementId]: { ...gone, loop } } };
      return;
    }
    const lost = new Set(this.goesWith(elementId));
    this.tokens = { ...this.tokens, active: Object.fromEntries(Object.entries(active).filter(([id]) => !lost.has(id))) };
  }

  /** Takes a token out of the queue in front of an element that is free, before the engine is at work. Answers the element, if there is one. */
  takeHeld(): string | undefined {
    const { active, held } = this.tokens;
    const isFree = (id: string): boolean =>
      !(id in active) && !/:(?:Parallel|Inclusive)Gateway$/.test(this.answers.program.element(id).type);
    const [id, flows = []] = Object.entries(held).find(([each]) => isFree(each)) ?? [];
    if (id === undefined) return undefined;
    const others = Object.entries(held).filter(([each]) => each !== id);
    this.tokens = { active, held: Object.fromEntries(flows.length > 1 ? [...others, [id, flows.slice(1)]] : others) };
    return id;
  }

  /** Elements whose tokens are one with that of an element. */
  private goesWith(elementId: string): readonly string[] {
    const { program } = this.answers;
    const { boundary, incoming } = program.element(elementId);
    const gateway = incoming
      .map(({ source }) => program.element(source))
      .find(({ id, type }) => type === 'bpmn:EventBasedGateway' && id in this.tokens.active);
    return [...boundary.map(({ id }) => id), ...(gateway ? [gateway.id, ...gateway.outgoing.map(({ target }) => target)] : [])];
  }

  /** An armed start event was triggered and stays armed. */
  rearm(id: string, start: ArmedStart): void {
    this.armed.set(id, start);
    this.generations.set(id, (this.generations.get(id) ?? 0) + 1);
  }

  /** The engine's name of a run. */
  executionIdOf(slot: string): string | undefined {
    return [...this.runs()].find(([, run]) => run.slot === slot)?.[0];
  }

  private createSession(): Session {
    return new Session({ scope: this.program, path: this.path, answers: this.answers, trail: this.trail });
  }
}

/** The engine's name of a run that is put back from a marking; a run of a loop is named after the whole. */
const restoredId = (path: string, elementId: string, index?: number): string =>
  `${runId(path, elementId)}${index === undefined ? '' : `_${index}`}`;

const isEmpty = ({ active, held }: Tokens): boolean => Object.keys(active).length === 0 && Object.keys(held).length === 0;

/** A scope and all scopes inside it, outer ones first. */
export function* scopesWithin(node: ScopeNode): Generator<ScopeNode> {
  yield node;
  for (const child of node.children) yield* scopesWithin(child);
}
