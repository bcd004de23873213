import type { SerialElements } from './facade.ts';
import type { ElementModel, FlowModel, ProcessModel } from './model.ts';
import { reachableInStep } from './pruning.ts';
import { createSource, partsOf, type ScopeSource } from './source.ts';

/** A process ready to be stepped: what its elements say, and what bpmn-engine executes. Immutable, shared by all instances. */
export interface Program {
  readonly model: ProcessModel;
  readonly hasInclusiveJoin: boolean;
  readonly hasCondition: boolean;
  /** Start events of the process itself. */
  readonly startEvents: readonly ElementModel[];
  element(id: string): ElementModel;
  flow(id: string): FlowModel;
  /** The process, or the sub-process of that id. */
  scope(id: string): ScopeProgram;
}

/** One scope of a process: bpmn-engine executes it by itself. */
export interface ScopeProgram {
  readonly id: string;
  /** The start event that a token entering the sub-process begins at; of the process itself, the one without trigger. */
  readonly start: ElementModel | undefined;
  /** The start events of the event sub-processes in this scope, in the order of the diagram. */
  readonly eventStarts: readonly ElementModel[];
  /** What is executed when the scope begins at an element. */
  sourceStartingAt(element: string): ScopeSource;
  /** What is executed when tokens lie on these elements. */
  sourceWith(live: readonly string[]): ScopeSource;
}

/** Sources kept for one scope; a scope with more places than that makes some anew. */
const maximumSources = 1_000;

export function createProgram(serial: SerialElements, model: ProcessModel): Program {
  const elements = [...model.elements.values()];
  const flows = new Map(model.flows.map((flow) => [flow.id, flow]));
  const scopes = new Map<string, ScopeProgram>();
  return {
    model,
    hasInclusiveJoin: elements.some(({ type, incoming }) => type === 'bpmn:InclusiveGateway' && incoming.length > 1),
    hasCondition: elements.some(({ event }) => event?.kind === 'condition'),
    startEvents: elements.filter(({ type, scope }) => type === 'bpmn:StartEvent' && scope === model.id),
    element: (id) => found(model.elements.get(id), id),
    flow: (id) => found(flows.get(id), id),
    scope: (id) => {
      const scope = scopes.get(id) ?? createScope(serial, model, id);
      scopes.set(id, scope);
      return scope;
    },
  };
}

function createScope(serial: SerialElements, model: ProcessModel, id: string): ScopeProgram {
  const inside = [...model.elements.values()].filter(({ scope }) => scope === id);
  const starts = inside.filter(({ type }) => type === 'bpmn:StartEvent');
  const parts = partsOf(serial, id);
  const sources = new Map<string, ScopeSource>();
  const cached = (key: string, make: () => ScopeSource): ScopeSource => {
    const source = sources.get(key) ?? make();
    sources.set(key, source);
    const [oldest] = sources.keys();
    if (sources.size > maximumSources && oldest !== undefined) sources.delete(oldest);
    return source;
  };
  return {
    id,
    start: starts.find(({ event }) => event === undefined) ?? starts[0],
    eventStarts: inside.filter(({ isEventSubProcess }) => isEventSubProcess).flatMap((each) => startsOf(model, each.id)),
    sourceStartingAt: (element) => cached(`>${element}`, () => createSource(parts, reachableInStep(model, [element]), element)),
    sourceWith: (live) => {
      const ids = [...live].sort();
      return cached(ids.join(' '), () => createSource(parts, reachableInStep(model, ids)));
    },
  };
}

const startsOf = (model: ProcessModel, scope: string): readonly ElementModel[] =>
  [...model.elements.values()].filter((element) => element.scope === scope && element.type === 'bpmn:StartEvent');

function found<T>(value: T | undefined, id: string): T {
  if (value === undefined) throw new Error(`The process has no element ${id}.`);
  return value;
}
