import type { SerialElements } from './facade.ts';
import type { ElementModel, FlowModel, ProcessModel } from './model.ts';
import { createSource, type ProcessSource } from './source.ts';

/** A process ready to be stepped: what its elements say, and what bpmn-engine executes. Immutable, shared by all instances. */
export interface Program {
  readonly model: ProcessModel;
  readonly hasInclusiveJoin: boolean;
  readonly hasCondition: boolean;
  /** Start events of the process itself. */
  readonly startEvents: readonly ElementModel[];
  element(id: string): ElementModel;
  flow(id: string): FlowModel;
  /** The boundary event that catches a BPMN error raised at an element: on it, or on the nearest sub-process around it. */
  catcherOf(elementId: string, code: string): ElementModel | undefined;
  /** What an instance executes that begins at one start event; the other start events are not there. */
  sourceStartingAt(startEvent: string): ProcessSource;
  /** What an instance executes that has begun: no start event of the process is there any more. */
  sourceRunning(): ProcessSource;
}

export function createProgram(serial: SerialElements, model: ProcessModel): Program {
  const elements = [...model.elements.values()];
  const flows = new Map(model.flows.map((flow) => [flow.id, flow]));
  const startEvents = elements.filter(({ type, scope }) => type === 'bpmn:StartEvent' && scope === model.id);
  const sources = new Map<string | null, ProcessSource>();
  const sourceWithOnly = (startEvent: string | null): ProcessSource => {
    const skip = new Set(startEvents.map(({ id }) => id).filter((id) => id !== startEvent));
    const source = sources.get(startEvent) ?? createSource(serial, model.id, skip);
    sources.set(startEvent, source);
    return source;
  };
  return {
    model,
    hasInclusiveJoin: elements.some(({ type, incoming }) => type === 'bpmn:InclusiveGateway' && incoming.length > 1),
    hasCondition: elements.some(({ event }) => event?.kind === 'condition'),
    startEvents,
    element: (id) => found(model.elements.get(id), id),
    flow: (id) => found(flows.get(id), id),
    catcherOf: (elementId, code) => catcherOf(model, elementId, code),
    sourceStartingAt: (startEvent) => sourceWithOnly(startEvent),
    sourceRunning: () => sourceWithOnly(null),
  };
}

export function catcherOf(model: ProcessModel, elementId: string, code: string): ElementModel | undefined {
  for (let at = model.elements.get(elementId); at; at = model.elements.get(at.scope)) {
    const errorEvents = at.boundary.filter(({ event }) => event?.kind === 'error');
    const catcher =
      errorEvents.find(({ errorCode }) => errorCode === code) ?? errorEvents.find(({ errorCode }) => errorCode === undefined);
    if (catcher) return catcher;
  }
  return undefined;
}

function found<T>(value: T | undefined, id: string): T {
  if (value === undefined) throw new Error(`The process has no element ${id}.`);
  return value;
}
