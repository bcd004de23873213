import type { ScopeMarking } from '../marking.ts';
import type { ElementModel, FlowModel, ProcessModel } from '../model.ts';

/** Every element that a token at one of `starts` may come to inside its scope, these included, without passing `avoided`. */
export function reachable(model: ProcessModel, starts: Iterable<string>, avoided: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const next = [...starts];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    const element = model.elements.get(id);
    if (!element || id === avoided || seen.has(id)) continue;
    seen.add(id);
    next.push(...element.outgoing.map(({ target }) => target), ...element.boundary.map((event) => event.id));
  }
  return seen;
}

/** Places of a scope where tokens are: what waits, and what holds tokens that came by some of its flows. */
export const places = (marking: ScopeMarking): readonly string[] => [
  ...new Set([...Object.keys(marking.active), ...Object.keys(marking.held)]),
];

/**
 * Tokens of a scope, each by the place it lies at: an armed boundary event is the token of its host, and events behind an event-based gateway are the
 * gateway's.
 */
export const tokens = (model: ProcessModel, marking: ScopeMarking): readonly string[] =>
  Object.keys(marking.active).filter((id) => {
    const element = model.elements.get(id);
    return element?.attachedTo === undefined && gatewayBefore(model, marking, id) === undefined;
  });

/** The event-based gateway that waits together with an event, if there is one. */
export const gatewayBefore = (model: ProcessModel, marking: ScopeMarking, id: string): ElementModel | undefined =>
  model.elements
    .get(id)
    ?.incoming.map(({ source }) => model.elements.get(source))
    .find((source) => source?.type === 'bpmn:EventBasedGateway' && marking.active[source.id] !== undefined);

/** Which flow into an element has become of one: the one with its id, else the only one from the same source. */
export function flowAfter(
  flow: FlowModel,
  target: ElementModel,
  mapping: Readonly<Record<string, string>>,
): FlowModel | undefined {
  const sameId = target.incoming.find(({ id }) => id === flow.id);
  if (sameId) return sameId;
  const sameSource = target.incoming.filter(({ source }) => source === mapping[flow.source]);
  return sameSource.length === 1 ? sameSource[0] : undefined;
}
