import { draw, flags, type Flow, type Graph, type Node, type Trigger } from './graph.ts';
import type { Random } from './random.ts';

interface Block {
  readonly entry: string;
  readonly exit: string;
}

interface Abrupt {
  readonly on: Trigger;
  readonly when: string;
}

/** Nodes after which a diagram gets no bigger blocks. */
const enough = 60;

/** A random sound diagram as XML. */
export const randomDiagram = (random: Random, depth = 4): string => draw(randomGraph(random, depth));

/**
 * A random sound diagram: sequences, every gateway, sub-processes, transactions, event sub-processes, boundary events, loops, multi-instance, links,
 * escalations, and two patterns that are sound without being nested. Every token comes to an end, whatever the order of completions.
 */
export function randomGraph(random: Random, depth = 5): Graph {
  return new Drawing(random).whole(depth);
}

class Drawing {
  private count = 0;
  private readonly graphs: Graph[] = [{ nodes: [], flows: [] }];
  /** Repeating scopes around. */
  private repeating = 0;
  /** Event sub-processes around that an escalation inside of them would start again, for ever. */
  private quiet = 0;
  /** Conditional events are in some diagrams only: with one, no step is replayed. */
  private readonly sometimes: readonly Trigger[];

  constructor(private readonly random: Random) {
    this.sometimes = random.chance(0.25) ? ['condition'] : [];
  }

  whole(depth: number): Graph {
    const body = this.block(depth);
    this.put({ id: 'S', kind: 'start' }, { id: 'Z', kind: 'end' });
    this.flow('S', body.entry);
    this.flow(body.exit, 'Z');
    if (this.random.chance(0.2)) this.eventSub(1);
    return this.graphs[0] as Graph;
  }

  private id(prefix: string): string {
    return `${prefix}${(this.count += 1)}`;
  }
  private put(...nodes: readonly Node[]): void {
    this.graphs.at(-1)?.nodes.push(...nodes);
  }
  private node(prefix: string, rest: Omit<Node, 'id'>): string {
    const id = this.id(prefix);
    this.put({ id, ...rest });
    return id;
  }
  private flow(from: string, to: string, when?: string): void {
    const flow: Flow = { from, to, ...(when !== undefined && { when }) };
    this.graphs.at(-1)?.flows.push(flow);
  }
  private flag(): string {
    return this.random.pick(flags);
  }

  private block(level: number): Block {
    const { random } = this;
    const choice = random.next();
    if (level <= 0 || choice < 0.12 || this.count > enough) return this.task();
    if (choice < 0.34) return this.sequence(level);
    if (choice < 0.56) return this.branches(level, random.pick(['xor', 'and', 'or']));
    if (choice < 0.6) return this.bridge(level);
    if (choice < 0.64) return this.crossing(level);
    if (choice < 0.68) return this.events();
    if (choice < 0.73) return this.loop(level);
    if (choice < 0.76) return this.link(level);
    if (choice < 0.8) return this.fork(level);
    if (choice < 0.84 && this.quiet === 0) return this.escalating();
    return this.subProcess(level);
  }

  private task(): Block {
    const { random } = this;
    const kind = random.pick(['user', 'job', 'plain', 'guarded', 'guarded', 'repeated', 'catch'] as const);
    if (kind === 'plain') return this.single(this.node('t', { kind }));
    if (kind === 'catch')
      return this.single(this.node('c', { kind, on: random.pick(['timer', 'message', 'signal', ...this.sometimes]) }));
    if (kind === 'user') return this.single(this.node('t', { kind }));
    const repeats = kind === 'repeated' || (kind === 'guarded' && random.chance(0.2));
    const host = this.node('t', { kind: 'job', ...(repeats && this.repetition()) });
    return kind === 'guarded'
      ? this.guarded(host, random.chance(0.6) ? ['error'] : [random.pick(['timer', ...this.sometimes])], !repeats)
      : this.single(host);
  }

  private single = (id: string): Block => ({ entry: id, exit: id });

  private repetition(): Partial<Node> {
    const { random } = this;
    if (random.chance(0.2)) return { rounds: 2 + random.below(2) };
    return { list: random.pick(['none', 'one', 'few', 'few'] as const), sequential: random.chance(0.5) };
  }

  private sequence(level: number): Block {
    const first = this.block(level - 1);
    const second = this.block(level - 1);
    this.flow(first.exit, second.entry);
    return { entry: first.entry, exit: second.exit };
  }

  /** A host with boundary events; interrupting ones lead to its way out, others to an end of their own. */
  private guarded(host: string, kinds: readonly Trigger[], surelyWaits = false): Block {
    const { random } = this;
    const merge = this.node('m', { kind: 'xor' });
    this.flow(host, merge);
    const back = surelyWaits && random.chance(0.4) ? this.node('l', { kind: 'xor' }) : undefined;
    if (back !== undefined) this.flow(back, host);
    for (const on of kinds) {
      const event = this.node('b', { kind: 'boundary', host, on, interrupting: true });
      // back into the host in the same step; a condition or an escalation would come again and again
      if (back !== undefined && on !== 'condition' && on !== 'escalation' && random.chance(0.7)) {
        this.flow(event, back);
        continue;
      }
      const handler = this.node('h', { kind: random.chance(0.5) ? 'user' : 'plain' });
      this.flow(event, handler);
      this.flow(handler, merge);
    }
    if (random.chance(0.4)) this.aside(host, random.pick(['timer', 'reminder', 'message', 'signal', ...this.sometimes]));
    return { entry: back ?? host, exit: merge };
  }

  private aside(host: string, on: Trigger): void {
    const event = this.node('b', { kind: 'boundary', host, on, interrupting: false });
    const handler = this.node('r', { kind: this.random.chance(0.4) ? 'user' : 'plain' });
    const end = this.node('z', { kind: 'end' });
    this.flow(event, handler);
    this.flow(handler, end);
  }

  private branches(level: number, gateway: 'xor' | 'and' | 'or'): Block {
    const split = this.node('g', { kind: gateway });
    // an inclusive join joins whatever was split
    const join = this.node('j', { kind: this.random.chance(0.2) ? 'or' : gateway });
    for (let index = 0; index < 2 + this.random.below(2); index += 1) {
      const { entry, exit } = this.block(level - 1);
      this.flow(split, entry, gateway === 'and' || index === 0 ? undefined : this.flag());
      this.flow(exit, join);
    }
    return { entry: split, exit: join };
  }

  /** Two parallel branches, one of which also has to wait for the other's first half. */
  private bridge(level: number): Block {
    const [split, half, both, join] = ['g', 'g', 'k', 'j'].map((prefix) => this.node(prefix, { kind: 'and' }));
    const [a, a2, c, c2] = [1, 2, 3, 4].map(() => this.block(level - 2)) as [Block, Block, Block, Block];
    const flows = [
      [split, a.entry],
      [split, c.entry],
      [a.exit, half],
      [half, a2.entry],
      [half, both],
      [c.exit, both],
      [both, c2.entry],
      [a2.exit, join],
      [c2.exit, join],
    ];
    for (const [from = '', to = ''] of flows) this.flow(from, to);
    return { entry: split as string, exit: join as string };
  }

  /** Exclusive ways that leave early, and that come into the middle of another. */
  private crossing(level: number): Block {
    const [first, second, middle, end] = ['x', 'x', 'm', 'm'].map((prefix) => this.node(prefix, { kind: 'xor' })) as [
      string,
      string,
      string,
      string,
    ];
    const [a, c, d] = [1, 2, 3].map(() => this.block(level - 2)) as [Block, Block, Block];
    this.flow(first, a.entry);
    this.flow(first, d.entry, this.flag());
    this.flow(a.exit, second);
    this.flow(second, middle);
    this.flow(second, end, this.flag());
    this.flow(d.exit, middle);
    this.flow(middle, c.entry);
    this.flow(c.exit, end);
    return { entry: first, exit: end };
  }

  /** The first of several events wins. */
  private events(): Block {
    const gateway = this.node('g', { kind: 'events' });
    const merge = this.node('m', { kind: 'xor' });
    for (const on of (['message', 'signal', 'timer', ...this.sometimes] as const).slice(this.random.below(2))) {
      const event = this.node('c', { kind: 'catch', on });
      this.flow(gateway, event);
      this.flow(event, merge);
    }
    return { entry: gateway, exit: merge };
  }

  /** Comes back as long as `again` holds, which the completion of the wait inside decides. */
  private loop(level: number): Block {
    const merge = this.node('l', { kind: 'xor' });
    const exit = this.node('x', { kind: 'xor' });
    const wait = this.node('u', { kind: 'user' });
    const out = this.node('o', { kind: 'plain' });
    const body = this.block(level - 1);
    this.flow(merge, body.entry);
    this.flow(body.exit, wait);
    this.flow(wait, exit);
    this.flow(exit, out);
    this.flow(exit, merge, 'again');
    return { entry: merge, exit: out };
  }

  private link(level: number): Block {
    const link = this.id('L');
    const before = this.block(level - 1);
    const after = this.block(level - 1);
    this.flow(before.exit, this.node('l', { kind: 'linkThrow', link }));
    this.flow(this.node('l', { kind: 'linkCatch', link }), after.entry);
    return { entry: before.entry, exit: after.exit };
  }

  /** A task that splits by itself. */
  private fork(level: number): Block {
    const task = this.node('u', { kind: 'user' });
    const join = this.node('j', { kind: 'or' });
    for (const when of [undefined, this.flag()]) {
      const { entry, exit } = this.block(level - 1);
      this.flow(task, entry, when);
      this.flow(exit, join);
    }
    return { entry: task, exit: join };
  }

  private escalating(): Block {
    const task = this.node('u', { kind: 'user' });
    const thrown = this.node('e', { kind: 'throw', on: 'escalation' });
    this.flow(task, thrown);
    return { entry: task, exit: thrown };
  }

  private subProcess(level: number): Block {
    const { random } = this;
    const transaction = random.chance(0.2);
    const abrupt = random.chance(transaction ? 0.7 : 0.5)
      ? random.pick<Trigger>(
          transaction ? ['cancel'] : ['error', 'terminate', ...(this.quiet > 0 ? [] : (['escalation'] as const))],
        )
      : undefined;
    const repeats = this.repeating < 1 && random.chance(0.35);
    this.repeating += repeats ? 1 : 0;
    const surelyWaits = !repeats && random.chance(0.4);
    const body = () => (surelyWaits ? this.behindUser(level) : this.block(level - 1));
    // what may lead back must not be decided once and for all
    const when = surelyWaits ? 'again' : this.flag();
    const inside = this.inside(body, abrupt && { on: abrupt, when }, random.chance(0.3) ? level : 0);
    this.repeating -= repeats ? 1 : 0;
    const host = this.node('p', {
      kind: 'sub',
      inside,
      ...(transaction && { transaction }),
      ...(random.chance(0.4) && { local: true }),
      ...(repeats && this.repetition()),
    });
    const kinds: Trigger[] =
      abrupt === 'error' || abrupt === 'cancel' ? [abrupt] : random.chance(0.4) ? [random.pick(['error', 'timer'] as const)] : [];
    const escalation = random.chance(0.25);
    if (escalation && random.chance(0.5)) kinds.push('escalation');
    else if (escalation) this.aside(host, 'escalation');
    return kinds.length > 0 ? this.guarded(host, kinds, surelyWaits) : this.single(host);
  }

  private behindUser(level: number): Block {
    const entry = this.node('u', { kind: 'user' });
    const block = this.block(level - 1);
    this.flow(entry, block.entry);
    return { entry, exit: block.exit };
  }

  /** Content of a sub-process; `abrupt` is a second end, reached when a variable says so. */
  private inside(make: () => Block, abrupt?: Abrupt, eventSubLevel = 0, start: Partial<Node> = {}): Graph {
    const graph: Graph = { nodes: [], flows: [] };
    this.graphs.push(graph);
    const first = this.node('s', { kind: 'start', ...start });
    const end = this.node('z', { kind: 'end' });
    const block = make();
    this.flow(first, block.entry);
    if (abrupt === undefined) this.flow(block.exit, end);
    else {
      const way = this.node('x', { kind: 'xor' });
      const pause = this.node('u', { kind: 'user' });
      const other = this.node('a', { kind: 'end', on: abrupt.on });
      this.flow(block.exit, way);
      this.flow(way, end);
      this.flow(way, pause, abrupt.when);
      this.flow(pause, other);
    }
    if (eventSubLevel > 0) this.eventSub(eventSubLevel - 1);
    this.graphs.pop();
    return graph;
  }

  private eventSub(level: number): void {
    const { random } = this;
    const on: Trigger = random.pick(['message', 'signal', 'timer', 'reminder', 'error', 'escalation', ...this.sometimes]);
    const interrupting = on === 'error' || (on !== 'reminder' && random.chance(0.5));
    const start = { on, interrupting };
    this.quiet += on === 'escalation' ? 1 : 0;
    const inside = this.inside(
      () => (random.chance(0.4) ? this.block(level - 1) : this.single(this.node('u', { kind: 'user' }))),
      undefined,
      0,
      start,
    );
    this.quiet -= on === 'escalation' ? 1 : 0;
    this.put({ id: this.id('v'), kind: 'eventSub', inside });
  }
}
