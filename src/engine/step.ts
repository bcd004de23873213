import type { Answers } from './answers.ts';
import { findCatcher, type Catcher, type Raised } from './catching.ts';
import { StepFailed } from './errors.ts';
import { slotOf, type Run, type ScopeMarking } from './marking.ts';
import type { ElementModel } from './model.ts';
import { ScopeNode, scopesWithin, type OpenWait } from './scope-tree.ts';
import { Trail } from './trail.ts';
import type { Advance } from './types.ts';

/** Rounds of a step: one that needs more goes round in circles. */
const maximumRounds = 10_000;
/** Sub-processes that one step begins; each costs some 7 ms. */
const maximumBegun = 300;

/**
 * One step of one instance: the scopes that its tokens are in, and everything that moves between them. bpmn-engine moves the tokens inside of a
 * scope; entering and leaving sub-processes, and finding who catches an error, happens here.
 */
export class Step {
  readonly trail: Trail;
  readonly root: ScopeNode;
  /** The BPMN error that ended the process, because nothing in it catches it. */
  failure: Advance['error'];
  /** Waits that ended because their condition became true. */
  readonly fulfilled = new Set<string>();
  /** Of every conditional event that waits: with which variables it was looked at. */
  private readonly lookedAt = new Map<string, number>();
  /** Places of conditional events that do not interrupt and whose condition was true when it was looked at last. */
  private readonly wasTrue = new Set<string>();
  /** Sub-processes that the step has begun. */
  private begun = 0;

  constructor(readonly answers: Answers) {
    const { program } = answers;
    this.trail = new Trail(program.model);
    this.root = new ScopeNode(program.scope(program.model.id), answers, this.trail, null, null);
  }

  /** Takes over where the instance stands. Its conditional events have been looked at with the variables of now. */
  load(marking: ScopeMarking): void {
    this.root.load(marking);
    const { program, variables } = this.answers;
    for (const wait of program.hasCondition ? this.waits() : []) {
      const element = program.element(wait.run.elementId);
      if (element.event?.kind !== 'condition') continue;
      this.lookedAt.set(wait.key, variables.version);
      if (!element.interrupting && this.holds(wait)) this.wasTrue.add(wait.place);
    }
  }

  get isRunning(): boolean {
    return this.failure === undefined && !this.root.hasEnded;
  }

  /** Everything that waits for something from outside, in all scopes. */
  waits(): readonly OpenWait[] {
    if (!this.isRunning) return [];
    return [...scopesWithin(this.root)].flatMap((scope) => scope.waits());
  }

  /** Slots of all scopes, and of all runs in them. */
  slots(): ReadonlySet<string> {
    if (!this.isRunning) return new Set();
    return new Set(
      [...scopesWithin(this.root)].flatMap((scope) => [scope.path, ...[...scope.runs().values()].map(({ slot }) => slot)]),
    );
  }

  /** Lets a wait go on. */
  async fire({ scope, run, executionId }: OpenWait): Promise<void> {
    if (executionId === undefined) await this.startEvent(scope, run.elementId);
    else await (await scope.awaken()).fire(executionId);
  }

  /**
   * Something is thrown at a run by whoever works on it: by a job, or a called process. Answers the event that catches it, and what it brings
   * becomes variables where that event is (`take`); undefined when nothing catches it.
   */
  async raise({ scope, run }: OpenWait, raised: Raised, take: (catcher: Run) => void): Promise<boolean> {
    const catcher = findCatcher(raised, scope, run);
    if (!catcher) return false;
    if (raised.kind === 'error') this.trail.add('error', run.elementId);
    take({ slot: catcher.slot ?? slotOf(catcher.scope.path, catcher.event.id), elementId: catcher.event.id });
    await this.catch(catcher);
    return true;
  }

  /** Moves whatever can move without anything from outside. */
  async settle(): Promise<void> {
    for (let round = 0; this.isRunning; round += 1) {
      if (round > maximumRounds) throw new StepFailed(null, 'the step does not come to rest');
      const moved =
        this.dropTakenAway() ||
        (await this.handleRaised()) ||
        (await this.openOrClose()) ||
        (await this.releaseJoins()) ||
        (await this.fireConditions());
      if (!moved) return;
    }
  }

  /** Begins a sub-process that a token has entered, at its start event or, in a repair, at another element of it. */
  async openScope(
    parent: ScopeNode,
    run: Run,
    { startAt, hostId }: { startAt?: string; hostId?: string } = {},
  ): Promise<ScopeNode> {
    const element = this.answers.program.element(run.elementId);
    this.begun += 1;
    if (this.begun > maximumBegun)
      throw new StepFailed(
        element.id,
        `the step would begin more than ${maximumBegun} sub-processes; put the inner ones into a process of their own`,
      );
    this.answers.openScope(parent.path, run);
    const child = parent.addChild(element, run.index, hostId);
    await child.start(startAt ?? child.program.start?.id ?? '');
    return child;
  }

  private async handleRaised(): Promise<boolean> {
    for (const scope of scopesWithin(this.root)) {
      const raised = scope.session?.nextRaised();
      if (!raised) continue;
      const element = this.answers.program.element(raised.run.elementId);
      const kind = element.event?.kind as Raised['kind'];
      const catcher = findCatcher({ kind, code: element.errorCode }, scope, raised.run);
      if (kind !== 'escalation') this.trail.add('error', element.id);
      const interrupts = catcher?.event.interrupting === true;
      if (catcher) {
        await this.catch(catcher);
        while (this.dropTakenAway());
      } else if (kind === 'escalation') this.answers.throwEvent(scope.path, element.id);
      else this.fail(raised.run, element.errorCode ?? '');
      if (kind === 'escalation' && !interrupts) await scope.session?.fire(raised.executionId);
      return true;
    }
    return false;
  }

  private fail({ elementId }: Run, code: string): void {
    const { name } = this.answers.program.element(elementId);
    this.failure = { code, message: name ?? `The BPMN error ${code}`, elementId };
  }

  private async catch({ scope, event, slot }: Catcher): Promise<void> {
    if (slot === undefined) return this.startEvent(scope, event.id);
    const session = await scope.awaken();
    const executionId = scope.executionIdOf(slot);
    if (executionId === undefined) throw new StepFailed(event.id, 'the boundary event is not armed');
    return session.fire(executionId);
  }

  /** An event sub-process is triggered: one that interrupts takes every other token of the scope away. */
  private async startEvent(scope: ScopeNode, startEvent: string): Promise<void> {
    const { program } = this.answers;
    const start = program.element(startEvent);
    const host = program.element(start.scope);
    let index: number | undefined;
    if (start.interrupting) {
      this.dropChildren(scope);
      this.leaveAll(scope);
      scope.clear();
      scope.armed.clear();
    } else {
      index = freeIndex(scope, host.id);
      const left = scope.armed.get(startEvent)?.left;
      if (start.event?.kind === 'timer' && (left ?? 0) === 0) scope.armed.delete(startEvent);
      else if (scope.armed.has(startEvent)) scope.rearm(startEvent, left === undefined || left < 0 ? {} : { left: left - 1 });
    }
    this.trail.add('enter', host.id);
    await this.openScope(
      scope,
      { slot: slotOf(scope.path, host.id, index), elementId: host.id, ...(index !== undefined && { index }) },
      { startAt: startEvent },
    );
  }

  /** Drops scopes whose sub-process was taken away, before anything that they have thrown is caught. */
  private dropTakenAway(): boolean {
    for (const scope of scopesWithin(this.root)) {
      const lost = scope.takenAway();
      for (const child of lost) this.dropScope(scope, child);
      if (lost.length > 0) return true;
    }
    return false;
  }

  /** Keeps scopes and the runs of their sub-processes together: begins what was entered, ends what has ended. */
  private async openOrClose(): Promise<boolean> {
    for (const scope of [...scopesWithin(this.root)].toReversed()) {
      if (scope.session && (await this.matchHosts(scope))) return true;
      if (scope.parent && scope.run && scope.hasEnded) {
        await this.closeScope(scope.parent, scope, scope.run);
        return true;
      }
    }
    return false;
  }

  private async matchHosts(scope: ScopeNode): Promise<boolean> {
    const inside = new Set(scope.children.map(({ hostId }) => hostId));
    const entered = scope.hosts().filter(([id]) => !inside.has(id));
    for (const [id, run] of entered) await this.openScope(scope, run, { hostId: id });
    return entered.length > 0;
  }

  private async closeScope(parent: ScopeNode, child: ScopeNode, run: Run): Promise<void> {
    parent.children.splice(parent.children.indexOf(child), 1);
    this.answers.closeScope(run);
    if (child.element?.isEventSubProcess) return this.trail.add('leave', run.elementId);
    const session = await parent.awaken();
    return session.fire(child.hostId ?? '');
  }

  /** A scope was taken away with everything in it. */
  private dropScope(parent: ScopeNode, child: ScopeNode): void {
    this.dropChildren(child);
    this.leaveAll(child);
    parent.children.splice(parent.children.indexOf(child), 1);
    child.clear();
    this.answers.dropScope(child.path);
    if (child.element?.isEventSubProcess) this.trail.add('leave', child.element.id);
  }

  private dropChildren(scope: ScopeNode): void {
    for (let child = scope.children.at(-1); child; child = scope.children.at(-1)) this.dropScope(scope, child);
  }

  /** Notes that the tokens of a scope leave their elements. */
  private leaveAll(scope: ScopeNode): void {
    for (const { elementId, index } of scope.runs().values()) {
      const isArmedOnly = this.answers.program.element(elementId).attachedTo !== undefined;
      if (index === undefined && !isArmedOnly) this.trail.add('leave', elementId);
    }
  }

  private async releaseJoins(): Promise<boolean> {
    if (!this.answers.program.hasInclusiveJoin) return false;
    for (const scope of scopesWithin(this.root)) if (await scope.session?.releaseJoin()) return true;
    return false;
  }

  /** A conditional event is looked at when it is armed and whenever variables have changed since. One that does not interrupt fires when its condition becomes true. */
  private async fireConditions(): Promise<boolean> {
    const { program, variables } = this.answers;
    if (!program.hasCondition) return false;
    const waits = [...this.waits()].sort(({ run: a }, { run: b }) => (a.slot < b.slot ? -1 : 1));
    for (const wait of waits) {
      const element = program.element(wait.run.elementId);
      if (element.event?.kind !== 'condition' || this.lookedAt.get(wait.key) === variables.version) continue;
      this.lookedAt.set(wait.key, variables.version);
      if (!this.becomesTrue(wait, element)) continue;
      this.fulfilled.add(wait.key);
      await this.fire(wait);
      return true;
    }
    return false;
  }

  private becomesTrue(wait: OpenWait, { interrupting }: ElementModel): boolean {
    const holds = this.holds(wait);
    const was = this.wasTrue.has(wait.place);
    if (interrupting) return holds;
    if (holds) this.wasTrue.add(wait.place);
    else this.wasTrue.delete(wait.place);
    return holds && !was;
  }

  private holds({ run, scope }: OpenWait): boolean {
    const { program, variables, asking } = this.answers;
    const condition = program.element(run.elementId).event?.condition ?? '';
    return asking.truth(condition, variables.visible(scope.path), run.elementId);
  }
}

function freeIndex(scope: ScopeNode, elementId: string): number {
  const taken = new Set(scope.children.filter(({ run }) => run?.elementId === elementId).map(({ run }) => run?.index));
  let index = 0;
  while (taken.has(index)) index += 1;
  return index;
}
