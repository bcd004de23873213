import { elementOverrides } from './elements.ts';
import { ProcessBehaviour, type SerialElement, type SerialElements, type SerialFlow } from './facade.ts';
import { linkFlows } from './links.ts';

/**
 * One scope of a diagram in the shape that bpmn-elements asks for (its `SerializableContext`), with indexes instead of linear scans. To the
 * engine it is a process of its own; sub-processes inside it are elements that wait. Message flows, data objects and associations are
 * documentation in a diagram; they execute nothing and are not handed on.
 */
export interface ScopeSource {
  readonly id: string;
  readonly processId: string;
}

/** Everything that lies directly in one scope. */
export interface ScopeParts {
  readonly id: string;
  readonly activities: readonly SerialElement[];
  readonly flows: readonly SerialFlow[];
}

/** The engine's name for the file that the process is in; no id of a diagram is like it. */
export const definitionsId = '%';

const none: readonly never[] = [];

/** BPMN flow nodes carry tokens; annotations, groups and data do not. */
export const isFlowNode = (type: string): boolean => /(?:Task|Event|Gateway|SubProcess|Transaction|CallActivity)$/.test(type);

/** Groups `items` by a key. */
export function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** What lies in a scope. An event sub-process is on no flow: it is started by the step, not by the engine. */
export function partsOf(elements: SerialElements, scope: string): ScopeParts {
  const activities = elements.activities.filter(
    ({ parent, type, behaviour }) => parent.id === scope && isFlowNode(type) && behaviour['triggeredByEvent'] !== true,
  );
  const links = linkFlows(activities).map((flow) => ({ ...flow, Behaviour: elementOverrides['SequenceFlow'] }));
  return { id: scope, activities, flows: [...elements.sequenceFlows.filter(({ parent }) => parent.id === scope), ...links] };
}

/**
 * The scope as far as a step can come: the elements `kept`. Their flows stay, so that nothing but `startAt` begins by itself: the engine starts
 * every element that no flow leads to.
 */
export function createSource({ id: scope, ...parts }: ScopeParts, kept: ReadonlySet<string>, startAt?: string): ScopeSource {
  const activities = parts.activities.filter(({ id }) => kept.has(id));
  const flows = parts.flows.filter(({ sourceId, targetId }) => kept.has(sourceId) || kept.has(targetId));
  const process = { id: scope, type: 'bpmn:Process', parent: { id: definitionsId, type: 'bpmn:Definitions' } };
  const processes = [{ ...process, behaviour: { isExecutable: true }, Behaviour: ProcessBehaviour }];
  const byId = new Map(activities.map((activity) => [activity.id, activity]));
  const flowById = new Map(flows.map((flow) => [flow.id, flow]));
  const bySource = groupBy(flows, ({ sourceId }) => sourceId);
  const byTarget = groupBy(flows, ({ targetId }) => targetId);
  const context = {
    id: definitionsId,
    type: 'bpmn:Definitions',
    processId: scope,
    getProcessById: () => processes[0],
    getProcesses: () => processes,
    getExecutableProcesses: () => processes,
    getInboundSequenceFlows: (id: string) => (id === startAt ? none : (byTarget.get(id) ?? none)),
    getOutboundSequenceFlows: (id: string) => bySource.get(id) ?? none,
    getSequenceFlows: () => flows,
    getSequenceFlowById: (id: string) => flowById.get(id),
    getActivities: () => activities,
    getActivityById: (id: string) => byId.get(id),
    getMessageFlows: () => none,
    getAssociations: () => none,
    getInboundAssociations: () => none,
    getOutboundAssociations: () => none,
    getDataObjectById: () => undefined,
    getDataStoreById: () => undefined,
    getDataStoreReferenceById: () => undefined,
  };
  return context;
}
