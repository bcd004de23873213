import type { SerialElement, SerialElements, SerialFlow } from './facade.ts';

/**
 * One process of a diagram in the shape that bpmn-elements asks for (its `SerializableContext`), with indexes instead of linear scans.
 * Message flows, data objects and associations are documentation in a diagram; they execute nothing and are not handed on.
 */
export interface ProcessSource {
  readonly id: string;
  readonly processId: string;
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

/**
 * The process and everything inside it; `skip` leaves out start events that the instance does not begin at. Their flows stay: the engine starts
 * every element that no flow leads to.
 */
export function createSource(elements: SerialElements, processId: string, skip: ReadonlySet<string> = new Set()): ProcessSource {
  const process = elements.processes.find(({ id }) => id === processId);
  const { activities, flows } = within(elements, processId, skip);
  const executable = process && { ...process, behaviour: { ...process.behaviour, isExecutable: true } };
  const processes = executable ? [executable] : [];
  const byId = new Map(activities.map((activity) => [activity.id, activity]));
  const flowById = new Map(flows.map((flow) => [flow.id, flow]));
  const byScope = groupBy(activities, ({ parent }) => parent.id);
  const flowsByScope = groupBy(flows, ({ parent }) => parent.id);
  const bySource = groupBy(flows, ({ sourceId }) => sourceId);
  const byTarget = groupBy(flows, ({ targetId }) => targetId);
  const context = {
    id: definitionsId,
    type: 'bpmn:Definitions',
    processId,
    getProcessById: (id: string) => processes.find((candidate) => candidate.id === id),
    getProcesses: () => processes,
    getExecutableProcesses: () => processes,
    getInboundSequenceFlows: (id: string) => byTarget.get(id) ?? none,
    getOutboundSequenceFlows: (id: string) => bySource.get(id) ?? none,
    getSequenceFlows: (scope?: string) => (scope === undefined ? flows : (flowsByScope.get(scope) ?? none)),
    getSequenceFlowById: (id: string) => flowById.get(id),
    getActivities: (scope?: string) => (scope === undefined ? activities : (byScope.get(scope) ?? none)),
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

function within(elements: SerialElements, processId: string, skip: ReadonlySet<string>) {
  const scopes = new Set([processId]);
  const activities: SerialElement[] = [];
  // the serialiser lists a sub-process before what lies inside it
  for (const activity of elements.activities) {
    if (!scopes.has(activity.parent.id) || skip.has(activity.id) || !isFlowNode(activity.type)) continue;
    activities.push(activity);
    scopes.add(activity.id);
  }
  const flows: SerialFlow[] = elements.sequenceFlows.filter(({ parent }) => scopes.has(parent.id));
  return { activities, flows };
}
