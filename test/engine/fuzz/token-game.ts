import type { Flow, Graph, Node, Trigger } from './graph.ts';
import { flowId, isLoop, scopesWithin, ScopeRun, slotOf, startOf, type Armed } from './scope-run.ts';

/** What the game is told: what happened at which open wait, and what `again` and `n` are from now on, if that is said. */
export interface Move {
  readonly type: 'go' | 'error' | 'variables';
  readonly slot?: string;
  readonly again?: boolean;
  readonly n?: number;
}

interface Catcher {
  readonly scope: ScopeRun;
  readonly event: Node;
}

const waiting = new Set(['user', 'job', 'catch']);
const fromOutside = new Set<Trigger | undefined>(['timer', 'reminder', 'message', 'signal', 'condition']);
const arm = ({ on }: Node): Armed => ({ left: on === 'reminder' ? 2 : 0, looked: false, fulfilled: false });

/**
 * The token game of BPMN 2.0.2 chapter 13, played over the graph of a random diagram with nothing of the engine: which places wait, which
 * elements are entered, and what the variables are after each command. The engine has to agree.
 */
export class TokenGame {
  readonly root: ScopeRun;
  /** Elements entered by the last move; loops count once. */
  entered: string[] = [];
  private again = false;
  private readonly onTheirWay: (() => void)[] = [];

  constructor(
    graph: Graph,
    private readonly flags: Readonly<Record<string, boolean>>,
    /** Lengths of the lists. */
    private readonly sizes: Readonly<Record<string, number>>,
  ) {
    this.root = this.openScope(graph, '', null, null, undefined);
    this.settle();
  }

  get hasEnded(): boolean {
    return this.root.isEmpty;
  }

  /** Slots of everything that waits for something from outside. */
  open(): readonly string[] {
    return this.hasEnded ? [] : [...scopesWithin(this.root)].flatMap((scope) => this.openIn(scope)).sort();
  }

  /** Local variables by scope. */
  locals(): Readonly<Record<string, Readonly<Record<string, number>>>> {
    return Object.fromEntries([...scopesWithin(this.root)].map(({ path, locals }) => [path, locals]));
  }

  /** Whether a BPMN error at the wait would be caught. */
  catchesError(slot: string): boolean {
    const { scope, id } = this.find(slot);
    return this.catcher('error', scope, id) !== undefined;
  }

  move({ type, slot, again = this.again, n }: Move): void {
    this.entered = [];
    for (const { event } of this.conditions()) Object.assign(event, { looked: false, fulfilled: this.again });
    this.again = again;
    const { scope, id, index } = slot === undefined ? { scope: this.root, id: '', index: undefined } : this.find(slot);
    const written = type === 'error' ? this.catcher('error', scope, id)?.scope : scope;
    if (n !== undefined) written?.write('n', n);
    if (type === 'error') this.raise('error', scope, id);
    else if (type === 'go') this.go(scope, id, index);
    this.settle();
  }

  private go(scope: ScopeRun, id: string, index: number | undefined): void {
    if (scope.armed.has(id)) this.trigger(scope, id);
    else if (scope.node(id).kind === 'boundary') this.fire(scope, scope.node(id));
    else this.finish(scope, scope.node(id), index);
  }

  private openIn(scope: ScopeRun): readonly string[] {
    const own = [...scope.active].flatMap(([id, { open }]) => {
      const node = scope.node(id);
      if (node.kind === 'boundary') return fromOutside.has(node.on) ? [slotOf(scope.path, id)] : [];
      if (!waiting.has(node.kind)) return [];
      return isLoop(node) ? [...open].map((index) => slotOf(scope.path, id, index)) : [slotOf(scope.path, id)];
    });
    return [...own, ...[...scope.armed.keys()].map((id) => slotOf(scope.path, id))];
  }

  private find(slot: string): { scope: ScopeRun; id: string; index: number | undefined } {
    const parts = slot.split('/');
    const [, id = '', index] = /^([^[]+)(?:\[(\d+)\])?$/.exec(parts.pop() ?? '') ?? [];
    const scope = [...scopesWithin(this.root)].find(({ path }) => path === parts.join('/')) as ScopeRun;
    return { scope, id, index: index === undefined ? undefined : Number(index) };
  }

  private openScope(graph: Graph, path: string, parent: ScopeRun | null, host: Node | null, index: number | undefined): ScopeRun {
    const scope = new ScopeRun(graph, path, parent, host, index);
    parent?.children.push(scope);
    if (host?.local) scope.locals['n'] = 0;
    for (const start of scope.eventStarts()) if (fromOutside.has(start.on)) scope.armed.set(start.id, arm(start));
    this.later(scope, () => this.enter(scope, startOf(graph)));
    return scope;
  }

  private later(scope: ScopeRun, work: () => void): void {
    const { epoch } = scope;
    this.onTheirWay.push(() => (scope.epoch === epoch ? work() : undefined));
  }

  private settle(): void {
    for (;;) {
      const next = this.onTheirWay.shift();
      if (next) next();
      else if (!this.closeScope(this.root) && !this.releaseJoin(this.root) && (this.hasEnded || !this.fireCondition())) return;
    }
  }

  private closeScope(scope: ScopeRun): boolean {
    if (scope.children.some((child) => this.closeScope(child))) return true;
    const { parent, host, index } = scope;
    if (!parent || !host || !scope.isEmpty) return false;
    parent.children.splice(parent.children.indexOf(scope), 1);
    if (host.local) parent.write('last', scope.locals['n'] ?? 0);
    if (host.kind !== 'eventSub') this.finish(parent, host, index);
    return true;
  }

  private arrive(scope: ScopeRun, flow: Flow): void {
    const node = scope.node(flow.to);
    const joins = (node.kind === 'and' || node.kind === 'or') && scope.into(node.id).length > 1;
    if (!joins && !scope.active.has(node.id)) return this.enter(scope, node);
    const held = [...(scope.held.get(node.id) ?? []), flowId(flow)];
    scope.held.set(node.id, held);
    if (joins && new Set(held).size === scope.into(node.id).length) this.release(scope, node);
  }

  /** One token of every flow that has one goes on; the others stay. */
  private release(scope: ScopeRun, node: Node): void {
    const rest = [...(scope.held.get(node.id) ?? [])];
    for (const flow of new Set(rest)) rest.splice(rest.indexOf(flow), 1);
    if (rest.length > 0) scope.held.set(node.id, rest);
    else scope.held.delete(node.id);
    this.enter(scope, node);
  }

  private enter(scope: ScopeRun, node: Node): void {
    this.entered.push(node.id);
    const caught = scope.graph.nodes.find(({ kind, link }) => kind === 'linkCatch' && link === node.link) as Node;
    switch (node.kind) {
      case 'end':
        return this.end(scope, node);
      case 'throw':
        return this.raise('escalation', scope, node.id) ? undefined : this.leave(scope, node);
      case 'linkThrow':
        return this.later(scope, () => this.enter(scope, caught));
      case 'events':
        scope.active.set(node.id, { open: new Set(), armed: arm(node) });
        return scope.out(node.id).forEach(({ to }) => this.enter(scope, scope.node(to)));
      case 'user':
      case 'job':
      case 'catch':
      case 'sub':
        return this.wait(scope, node);
      default:
        return this.leave(scope, node);
    }
  }

  private wait(scope: ScopeRun, node: Node): void {
    const size = node.list === undefined ? 1 : this.sizeOf(node);
    if (size === 0) return this.leave(scope, node);
    const open = node.list !== undefined && !node.sequential ? [...Array(size).keys()] : [0];
    scope.active.set(node.id, { open: new Set(open), armed: arm(node) });
    for (const event of scope.boundary(node.id)) scope.active.set(event.id, { open: new Set(), armed: arm(event) });
    if (node.kind === 'sub') for (const index of open) this.openRun(scope, node, index);
  }

  private sizeOf = ({ list }: Node): number => this.sizes[list ?? ''] ?? 0;

  private openRun(scope: ScopeRun, node: Node, run: number): void {
    const index = isLoop(node) ? run : undefined;
    this.openScope(node.inside as Graph, slotOf(scope.path, node.id, index), scope, node, index);
  }

  /** One run of a node has done its work. */
  private finish(scope: ScopeRun, node: Node, index = 0): void {
    const open = scope.active.get(node.id)?.open ?? new Set();
    open.delete(index);
    const next = index + 1;
    const more = node.rounds === undefined ? node.sequential && next < this.sizeOf(node) : this.again && next < node.rounds;
    if (more) open.add(next);
    if (more && node.kind === 'sub') this.openRun(scope, node, next);
    if (open.size === 0) this.leave(scope, node);
  }

  private leave(scope: ScopeRun, node: Node): void {
    const sources = scope.into(node.id).map(({ from }) => scope.node(from));
    const gateway = sources.find(({ kind }) => kind === 'events');
    if (gateway) for (const { to } of scope.out(gateway.id)) scope.active.delete(to);
    if (gateway) scope.active.delete(gateway.id);
    this.take(scope, node);
    this.forget(scope, node);
  }

  private take(scope: ScopeRun, { id, kind }: Node): void {
    const all = scope.out(id);
    const plain = all.filter(({ when }) => when === undefined);
    const yes = all.filter(({ when }) => (when === 'again' ? this.again : when !== undefined && this.flags[when] === true));
    const chooses = (kind === 'xor' || kind === 'or') && all.length > plain.length;
    const taken = !chooses ? [...plain, ...yes] : yes.length === 0 ? plain : kind === 'xor' ? yes.slice(0, 1) : yes;
    for (const flow of taken) this.later(scope, () => this.arrive(scope, flow));
  }

  /** The node has its token no more; one that was held in front of it may enter. */
  private forget(scope: ScopeRun, { id, kind }: Node): void {
    scope.active.delete(id);
    for (const event of scope.boundary(id)) scope.active.delete(event.id);
    for (const child of scope.children.filter(({ host }) => host?.id === id)) {
      child.clear();
      scope.children.splice(scope.children.indexOf(child), 1);
    }
    const [first, ...rest] = scope.held.get(id) ?? [];
    if (kind === 'and' || kind === 'or' || first === undefined) return;
    if (rest.length > 0) scope.held.set(id, rest);
    else scope.held.delete(id);
    this.later(scope, () => this.enter(scope, scope.node(id)));
  }

  private end(scope: ScopeRun, { id, on }: Node): void {
    if (on === 'terminate') scope.clear();
    else if (on !== undefined) this.raise(on, scope, id);
  }

  /** A boundary event fires. */
  private fire(scope: ScopeRun, event: Node): void {
    this.entered.push(event.id);
    const active = scope.active.get(event.id);
    if (event.interrupting) this.forget(scope, scope.node(event.host ?? ''));
    else if (active && isOver(event, active.armed)) scope.active.delete(event.id);
    this.take(scope, event);
  }

  /** An event sub-process begins. */
  private trigger(scope: ScopeRun, startId: string): void {
    const isHost = ({ kind, inside }: Node): boolean => kind === 'eventSub' && startOf(inside as Graph).id === startId;
    const host = scope.graph.nodes.find(isHost) as Node;
    const start = startOf(host.inside as Graph);
    let index: number | undefined;
    if (start.interrupting) {
      scope.clear();
      scope.armed.clear();
      scope.interrupted = true;
    } else {
      const taken = scope.children.filter((child) => child.host?.id === host.id).map((child) => child.index);
      for (index = 0; taken.includes(index);) index += 1;
      const armed = scope.armed.get(startId);
      if (armed && isOver(start, armed)) scope.armed.delete(startId);
    }
    this.entered.push(host.id);
    this.openScope(host.inside as Graph, slotOf(scope.path, host.id, index), scope, host, index);
  }

  /** Throws something at a place; answers whether the place is gone with it. */
  private raise(kind: Trigger, scope: ScopeRun, id: string): boolean {
    const catcher = this.catcher(kind, scope, id);
    if (!catcher) return false;
    if (catcher.event.kind === 'boundary') this.fire(catcher.scope, catcher.event);
    else this.trigger(catcher.scope, catcher.event.id);
    return catcher.event.interrupting === true;
  }

  private catcher(kind: Trigger, from: ScopeRun, at: string): Catcher | undefined {
    let [scope, id]: [ScopeRun | null, string] = [from, at];
    while (scope) {
      const candidates: readonly Node[] = [...scope.boundary(id), ...(scope.interrupted ? [] : scope.eventStarts())];
      const event = candidates.find(({ on }) => on === kind);
      if (event) return { scope, event };
      [scope, id] = [scope.parent, scope.host?.id ?? ''];
    }
    return undefined;
  }

  /** An inclusive join goes on when no token can come to a flow still empty, unless that token can also come to a filled one. */
  private releaseJoin(scope: ScopeRun): boolean {
    for (const node of scope.graph.nodes.filter(({ id, kind }) => kind === 'or' && scope.held.has(id))) {
      const filled = new Set(scope.held.get(node.id));
      const flows = scope.into(node.id).map((flow) => flowId(flow));
      const empty = new Set(flows.filter((flow) => !filled.has(flow)));
      const tokens = [...scope.active.keys(), ...scope.held.keys()].filter((id) => id !== node.id);
      if (tokens.some((id) => scope.reaches(id, empty, node.id) && !scope.reaches(id, filled, node.id))) continue;
      this.release(scope, node);
      return true;
    }
    return scope.children.some((child) => this.releaseJoin(child));
  }

  /** A conditional event fires when it is armed and `again` holds, or when `again` comes to hold. */
  private fireCondition(): boolean {
    const next = this.conditions().find(({ event }) => !event.looked);
    if (!next) return false;
    const { event, scope, id } = next;
    const fires = this.again && !event.fulfilled;
    Object.assign(event, { looked: true, fulfilled: this.again });
    if (fires) this.go(scope, id, undefined);
    return true;
  }

  private conditions(): readonly { event: Armed; scope: ScopeRun; id: string; slot: string }[] {
    const all = [...scopesWithin(this.root)].flatMap((scope) => {
      const starts = scope.eventStarts().map((start) => ({ node: start, event: scope.armed.get(start.id) }));
      const active = [...scope.active].map(([id, { armed }]) => ({ node: scope.node(id), event: armed }));
      return [...starts, ...active].flatMap(({ node: { id, on }, event }) =>
        on === 'condition' && event ? [{ event, scope, id, slot: slotOf(scope.path, id) }] : [],
      );
    });
    return all.sort((a, b) => (a.slot < b.slot ? -1 : 1));
  }
}

/** Whether an event that does not interrupt has fired for the last time; messages, signals and conditions may come again. */
function isOver({ on }: Node, armed: Armed): boolean {
  if (on !== 'timer' && on !== 'reminder') return false;
  armed.left -= 1;
  return armed.left < 0;
}
