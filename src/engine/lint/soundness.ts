import type { ElementModel, ProcessModel } from '../model.ts';
import type { Finding } from '../types.ts';
import { finding, type Rule } from './finding.ts';

/**
 * A parallel gateway waits for a token on every incoming flow. When the last place that all of them come from lets a token go one way only, and no way leads
 * to all of them, it waits for ever. What cannot be seen like this (data, several tokens) is found when it happens, as an incident.
 */
export const lintSoundness: Rule = (model) => {
  const joins = [...model.elements.values()].filter(
    ({ type, incoming }) => type === 'bpmn:ParallelGateway' && incoming.length > 1,
  );
  if (joins.length === 0) return [];
  const dominators = new Map<string, Dominators>();
  return joins.flatMap((join) => {
    const known = dominators.get(join.scope) ?? new Dominators(join.scope, model);
    dominators.set(join.scope, known);
    return lintJoin(join, known, model);
  });
};

function lintJoin(join: ElementModel, dominators: Dominators, model: ProcessModel): readonly Finding[] {
  const sources = join.incoming.map(({ source }) => source);
  if (sources.some((source) => !dominators.knows(source))) return [];
  const split = sources.reduce((a, b) => dominators.common(a, b));
  const ways = waysOutOf(split, join.scope, model);
  if (!ways) return [];
  const flows = new Set(join.incoming.map(({ id }) => id));
  const reaches = ways.map((way) => flowsReached(way, split, join.id, model, flows));
  if (reaches.some((reached) => reached === flows.size)) return [];
  const where = split === entry ? 'the start events' : split;
  return [
    finding(
      join.id,
      'stuck-join',
      `The parallel gateway waits for ${flows.size} flows, but ${where} lets a token take one of them only. Join them with an exclusive gateway, or split with a parallel one.`,
    ),
  ];
}

/** Stands before all start events of a scope; no element has this id. */
const entry = '';

/** Where one token may go on from here, when it takes only one of them; undefined when it takes several. A way is a flow or an element. */
function waysOutOf(id: string, scope: string, model: ProcessModel): readonly Way[] | undefined {
  if (id === entry) return startsOf(scope, model).map((start) => ({ to: start }));
  const element = model.elements.get(id);
  if (!element) return undefined;
  const flows = element.outgoing.map((flow) => ({ flow: flow.id, to: flow.target }));
  if (/:(?:Exclusive|EventBased)Gateway$/.test(element.type)) return flows;
  // whoever interrupts takes the token away from the way that is drawn
  const isPlain = element.outgoing.every(({ condition }) => condition === undefined) && element.outgoing.length <= 1;
  const interrupts = element.boundary.length > 0 && element.boundary.every(({ interrupting }) => interrupting);
  return isPlain && interrupts ? [...flows, ...element.boundary.map((event) => ({ to: event.id }))] : undefined;
}

interface Way {
  readonly flow?: string;
  readonly to: string;
}

/** How many of the join's incoming flows can be reached by a way without coming back to the split. */
function flowsReached(way: Way, split: string, join: string, { elements }: ProcessModel, flows: ReadonlySet<string>): number {
  const reached = new Set(way.flow !== undefined && flows.has(way.flow) ? [way.flow] : []);
  const seen = new Set([split, join]);
  const next = [way.to];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    const element = elements.get(id);
    if (!element || seen.has(id)) continue;
    seen.add(id);
    for (const flow of element.outgoing) {
      if (flows.has(flow.id)) reached.add(flow.id);
      next.push(flow.target);
    }
    next.push(...element.boundary.map((event) => event.id));
  }
  return reached.size;
}

const startsOf = (scope: string, { elements }: ProcessModel): string[] =>
  [...elements.values()].filter((element) => element.type === 'bpmn:StartEvent' && element.scope === scope).map(({ id }) => id);

/** Which elements every token of a scope has passed before it comes to an element (Cooper, Harvey and Kennedy's algorithm). */
class Dominators {
  /** Number of each element in the order of a walk from the entry; parents have smaller ones. */
  readonly #order = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #above: number[] = [];

  constructor(scope: string, model: ProcessModel) {
    const successors = (id: string): readonly string[] => {
      if (id === entry) return startsOf(scope, model);
      const element = model.elements.get(id);
      return element ? [...element.outgoing.map(({ target }) => target), ...element.boundary.map((event) => event.id)] : [];
    };
    const finished: string[] = [];
    const seen = new Set([entry]);
    const walk: { id: string; left: string[] }[] = [{ id: entry, left: [...successors(entry)] }];
    for (let top = walk.at(-1); top; top = walk.at(-1)) {
      const next = top.left.pop();
      if (next === undefined) finished.push(walk.pop()!.id);
      else if (!seen.has(next)) {
        seen.add(next);
        walk.push({ id: next, left: [...successors(next)] });
      }
    }
    this.#names = finished.reverse();
    for (const [index, id] of this.#names.entries()) this.#order.set(id, index);
    const before: number[][] = this.#names.map(() => []);
    for (const [index, id] of this.#names.entries())
      for (const target of successors(id)) before[this.#order.get(target) ?? 0]?.push(index);
    this.#above[0] = 0;
    for (let changed = true; changed;) {
      changed = false;
      for (let index = 1; index < this.#names.length; index++) {
        const known = before[index]!.filter((each) => this.#above[each] !== undefined);
        const above = known.reduce((a, b) => this.#meet(a, b));
        if (this.#above[index] === above) continue;
        this.#above[index] = above;
        changed = true;
      }
    }
  }

  knows(id: string): boolean {
    return this.#order.has(id);
  }

  /** The last element that every token passes on its way to both; they themselves count. */
  common(a: string, b: string): string {
    return this.#names[this.#meet(this.#order.get(a)!, this.#order.get(b)!)] ?? entry;
  }

  #meet(a: number, b: number): number {
    while (a !== b) {
      while (a > b) a = this.#above[a]!;
      while (b > a) b = this.#above[b]!;
    }
    return a;
  }
}
