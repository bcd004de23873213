import type { CompiledProcess } from './compile.ts';
import type { ElementInfo } from './types.ts';

/** Which element may follow which: by sequence flows, from a host to its boundary events, into a sub-process and out of it. */
function successorsOf({ program: { model }, elements }: CompiledProcess): ReadonlyMap<string, readonly string[]> {
  const next = new Map<string, string[]>([...elements.keys()].map((id) => [id, []]));
  const link = (from: string, to: string): void => void next.get(from)?.push(to);
  for (const { source, target } of model.flows) link(source, target);
  const entered = new Set(model.flows.map(({ target }) => target));
  const left = new Set(model.flows.map(({ source }) => source));
  for (const { id, scope, attachedTo } of elements.values()) {
    if (attachedTo !== undefined) link(attachedTo, id);
    if (!elements.has(scope)) continue;
    if (!entered.has(id) && attachedTo === undefined) link(scope, id);
    if (!left.has(id)) for (const { target } of model.flows.filter(({ source }) => source === scope)) link(id, target);
  }
  return next;
}

/** Everything that can be reached from an element; what lies behind `past` only through it is not. */
function reach(next: ReadonlyMap<string, readonly string[]>, from: string, past: string | undefined): Set<string> {
  const found = new Set<string>();
  const queue = [from];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const each of next.get(id) ?? []) {
      if (found.has(each)) continue;
      found.add(each);
      if (each !== past) queue.push(each);
    }
  }
  return found;
}

/**
 * The elements on the ways from one element to another, without the last; the first is among them. Empty when no way leads
 * there.
 */
export function elementsBetween(process: CompiledProcess, from: string, to: string): readonly ElementInfo[] {
  const next = successorsOf(process);
  const ahead = reach(next, from, to);
  if (!ahead.has(to)) return [];
  const before = new Map<string, string[]>([...next.keys()].map((id) => [id, []]));
  for (const [source, targets] of next) for (const target of targets) before.get(target)?.push(source);
  const behind = reach(before, to, from);
  return [...process.elements.values()].filter(({ id }) => id !== to && (id === from || (ahead.has(id) && behind.has(id))));
}

/** The elements that a token may come to that is put before an element, and that element itself. */
export function elementsFrom(process: CompiledProcess, from: string): readonly ElementInfo[] {
  const ahead = reach(successorsOf(process), from, undefined);
  return [...process.elements.values()].filter(({ id }) => id === from || ahead.has(id));
}

/** The joins that tokens of several ways have to come to, ahead of an element: parallel gateways with more than one way in. */
export function joinsAhead(process: CompiledProcess, from: string): readonly ElementInfo[] {
  const waysIn = (id: string): number => process.program.model.flows.filter(({ target }) => target === id).length;
  return elementsFrom(process, from).filter(({ id, type }) => type === 'bpmn:ParallelGateway' && waysIn(id) > 1);
}
