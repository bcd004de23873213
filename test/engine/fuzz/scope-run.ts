import type { Flow, Graph, Node } from './graph.ts';

/** A token at a node that waits. */
export interface Active {
  /** Indexes of the runs of a loop that are open. */
  readonly open: Set<number>;
  readonly armed: Armed;
}

/** An event that may still fire. */
export interface Armed {
  /** Firings of a repeating event that may follow the next one. */
  left: number;
  /** Of a condition: whether it was looked at in this move, and what it said when it was looked at last. */
  looked: boolean;
  fulfilled: boolean;
}

/** One running scope of the token game: the process, a run of a sub-process, or a run of an event sub-process. */
export class ScopeRun {
  readonly active = new Map<string, Active>();
  readonly held = new Map<string, string[]>();
  /** Start events of event sub-processes. */
  readonly armed = new Map<string, Armed>();
  readonly children: ScopeRun[] = [];
  /** Local variables. */
  readonly locals: Record<string, number> = {};
  interrupted = false;
  /** Changes when everything in the scope is taken away: tokens on their way go with it. */
  epoch = 0;

  constructor(
    readonly graph: Graph,
    readonly path: string,
    readonly parent: ScopeRun | null,
    readonly host: Node | null,
    readonly index: number | undefined,
  ) {}

  node(id: string): Node {
    return this.graph.nodes.find((node) => node.id === id) as Node;
  }
  out(id: string): readonly Flow[] {
    return this.graph.flows.filter(({ from }) => from === id);
  }
  into(id: string): readonly Flow[] {
    return this.graph.flows.filter(({ to }) => to === id);
  }
  boundary(id: string): readonly Node[] {
    return this.graph.nodes.filter(({ kind, host }) => kind === 'boundary' && host === id);
  }
  /** Start events of the event sub-processes that lie in the scope. */
  eventStarts(): readonly Node[] {
    return this.graph.nodes.flatMap(({ kind, inside }) => (kind === 'eventSub' && inside ? [startOf(inside)] : []));
  }
  get isEmpty(): boolean {
    return this.active.size === 0 && this.held.size === 0 && this.children.length === 0;
  }
  clear(): void {
    this.active.clear();
    this.held.clear();
    for (const child of this.children) child.clear();
    this.children.length = 0;
    this.epoch += 1;
  }

  /** Sets a variable as seen from here: in the nearest scope that has it, else in the outermost. */
  write(name: string, value: number): void {
    if (this.parent === null || Object.hasOwn(this.locals, name)) this.locals[name] = value;
    else this.parent.write(name, value);
  }

  /** Whether a token can travel from a node over one of the flows without passing through the gateway. */
  reaches(from: string, flows: ReadonlySet<string>, gateway: string): boolean {
    const seen = new Set([gateway]);
    const next = [from];
    for (let id = next.pop(); id !== undefined; id = next.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const { kind, link } = this.node(id);
      for (const flow of this.out(id)) {
        if (flows.has(flowId(flow))) return true;
        next.push(flow.to);
      }
      next.push(...this.boundary(id).map((event) => event.id));
      const caught = this.graph.nodes.filter((other) => other.kind === 'linkCatch' && other.link === link);
      if (kind === 'linkThrow') next.push(...caught.map((each) => each.id));
    }
    return false;
  }
}

export const flowId = ({ from, to }: Flow): string => `${from}.${to}`;
export const startOf = ({ nodes }: Graph): Node => nodes.find(({ kind }) => kind === 'start') as Node;
export const isLoop = ({ list, rounds }: Node): boolean => list !== undefined || rounds !== undefined;
export const slotOf = (path: string, id: string, index?: number): string =>
  `${path === '' ? '' : `${path}/`}${id}${index === undefined ? '' : `[${index}]`}`;

/** A scope and all scopes inside it. */
export function* scopesWithin(scope: ScopeRun): Generator<ScopeRun> {
  yield scope;
  for (const child of scope.children) yield* scopesWithin(child);
}
