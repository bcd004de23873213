import { linkFlows } from './links.ts';
import { groupBy, isFlowNode } from './source.ts';
import type { SerialElement, SerialElements } from './facade.ts';
import type { ElementInfo } from './types.ts';
import { compact } from './compact.ts';
import { readExtensions, type Extensions, type LoopModel } from './extensions.ts';
import { isFeel, type TextOrFeel } from './feel-text.ts';

export type EventKind =
  | 'timer'
  | 'message'
  | 'signal'
  | 'condition'
  | 'error'
  | 'escalation'
  | 'cancel'
  | 'compensation'
  | 'link'
  | 'terminate'
  | 'other';

export interface EventModel {
  readonly kind: EventKind;
  /** BPMN type of the event definition, for messages to the analyst. */
  readonly type: string;
  /** Name of the message or signal. */
  readonly name?: TextOrFeel;
  readonly correlationKey?: TextOrFeel;
  /** Of an error or escalation; absent on an event that catches every code. */
  readonly errorCode?: string;
  /** Of a link event. */
  readonly linkName?: string;
  readonly timer?: { readonly type: 'timeDate' | 'timeDuration' | 'timeCycle'; readonly value: TextOrFeel };
  readonly condition?: TextOrFeel;
}

export interface FlowModel {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly isDefault: boolean;
  /** From one end of a link to the other; it is not drawn and has no id in the diagram. */
  readonly isLink?: true;
  readonly condition?: TextOrFeel;
  /** Set when the condition is written in a script language. */
  readonly language?: string;
}

/** One flow node as Orderflow reads it: BPMN attributes and Camunda 8 extensions in one typed place. Compiler, linter and step share it. */
export interface ElementModel extends ElementInfo, Extensions {
  readonly incoming: readonly FlowModel[];
  readonly outgoing: readonly FlowModel[];
  /** Boundary events attached to this element. */
  readonly boundary: readonly ElementModel[];
  /** Of a boundary event: whether it takes the token away from its host. Of the start event of an event sub-process: from everything else in its scope. */
  readonly interrupting: boolean;
  /** A sub-process that an event starts, beside the flow of its scope. */
  readonly isEventSubProcess: boolean;
  readonly event?: EventModel;
  readonly eventCount: number;
  readonly sequential: boolean;
  /** BPMN type of the loop characteristics. */
  readonly loopType?: string;
  /** Attributes that only some other engine understands, by name: `implementation`, `script`, `triggeredByEvent` ... */
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface ProcessModel {
  readonly id: string;
  readonly name?: string;
  readonly versionTag?: string;
  readonly elements: ReadonlyMap<string, ElementModel>;
  readonly flows: readonly FlowModel[];
}

/** Elements that have an inside of their own. */
export const isScope = (type: string): boolean => type === 'bpmn:SubProcess' || type === 'bpmn:Transaction';

type Raw = Readonly<Record<string, unknown>>;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads one process of the serialised diagram. It reports nothing: what is wrong with it is the linter's business. */
export function readModel(serial: SerialElements, processId: string): ProcessModel {
  const process = serial.processes.find(({ id }) => id === processId);
  const roots = new Map(serial.activities.map((element) => [element.id, element]));
  const scopes = new Set([processId]);
  const links = linkFlows(serial.activities).map((flow) => ({ ...readFlow(flow), isLink: true as const }));
  const flows = [...serial.sequenceFlows.map(readFlow), ...links];
  const incoming = groupBy(flows, ({ target }) => target);
  const outgoing = groupBy(flows, ({ source }) => source);
  const elements = new Map<string, Mutable<ElementModel>>();
  for (const element of serial.activities) {
    if (!scopes.has(element.parent.id) || !isFlowNode(element.type)) continue;
    scopes.add(element.id);
    elements.set(element.id, {
      ...readElement(element, roots),
      incoming: incoming.get(element.id) ?? [],
      outgoing: outgoing.get(element.id) ?? [],
    });
  }
  const attached = groupBy([...elements.values()], ({ attachedTo }) => attachedTo ?? '');
  for (const element of elements.values()) element.boundary = attached.get(element.id) ?? [];
  return compact<ProcessModel>({
    id: processId,
    name: process?.name,
    versionTag: process && readExtensions(process.behaviour).versionTag,
    elements,
    flows: flows.filter(({ source, target }) => elements.has(source) || elements.has(target)),
  });
}

function readFlow(flow: SerialElements['sequenceFlows'][number]): FlowModel {
  const condition = flow.behaviour['conditionExpression'] as { body?: string; language?: string } | undefined;
  return compact<FlowModel>({
    id: flow.id,
    source: flow.sourceId,
    target: flow.targetId,
    isDefault: flow.isDefault === true,
    condition: condition ? (condition.body ?? '').trim() : undefined,
    language: condition?.language,
  });
}

function readElement(element: SerialElement, roots: ReadonlyMap<string, SerialElement>): ElementModel {
  const { behaviour } = element;
  const extensions = readExtensions(behaviour);
  const definitions = (behaviour['eventDefinitions'] ?? []) as readonly { type: string; behaviour: Raw }[];
  const event = definitions[0] && readEvent(definitions[0], roots);
  const message = event?.name === undefined ? messageOf(behaviour, roots) : event;
  const loop = behaviour['loopCharacteristics'] as { type: string; behaviour: Raw } | undefined;
  return compact<ElementModel>({
    id: element.id,
    type: element.type,
    name: element.name,
    scope: element.parent.id,
    attachedTo: (behaviour['attachedTo'] as { id?: string } | undefined)?.id,
    interrupting: behaviour['cancelActivity'] !== false && behaviour['isInterrupting'] !== false,
    isEventSubProcess: behaviour['triggeredByEvent'] === true,
    event: event ?? (message && { kind: 'message', type: 'bpmn:MessageEventDefinition', ...message }),
    eventCount: definitions.length,
    messageName: message?.name === undefined || isFeel(message.name) ? undefined : message.name,
    errorCode: event?.errorCode,
    ...extensions,
    jobType: extensions.job?.type,
    decisionId: extensions.decision?.id,
    calledProcessId: extensions.call === undefined || isFeel(extensions.call.processId) ? undefined : extensions.call.processId,
    loop: loop && { ...readExtensions(loop.behaviour).loop, ...completion(loop.behaviour), ...standardLoop(loop.behaviour) },
    loopType: loop?.type,
    sequential: loop?.behaviour['isSequential'] === true || loop?.type === standardLoopType,
    raw: behaviour,
    incoming: [],
    outgoing: [],
    boundary: [],
  });
}

export const standardLoopType = 'bpmn:StandardLoopCharacteristics';

function standardLoop(loop: Raw): Partial<LoopModel> {
  const condition = loop['loopCondition'];
  const body = typeof condition === 'string' ? condition : (condition as { body?: string } | undefined)?.body;
  return compact<Partial<LoopModel>>({
    loopCondition: body?.trim(),
    testBefore: loop['testBefore'] === true ? true : undefined,
    maximum: typeof loop['loopMaximum'] === 'number' ? loop['loopMaximum'] : undefined,
  });
}

const completion = (loop: Raw): { completionCondition?: string } => {
  const body = loop['completionCondition'];
  return typeof body === 'string' ? { completionCondition: body.trim() } : {};
};

function readEvent({ type, behaviour }: { type: string; behaviour: Raw }, roots: ReadonlyMap<string, SerialElement>): EventModel {
  const error = root(behaviour['errorRef'] ?? behaviour['escalationRef'], roots)?.behaviour;
  const code = error?.['errorCode'] ?? error?.['escalationCode'];
  const link = behaviour['name'];
  const condition = (behaviour['condition'] as { body?: string } | undefined)?.body;
  return compact<EventModel>({
    kind: eventKinds[type] ?? 'other',
    type,
    ...messageOf(behaviour, roots),
    errorCode: typeof code === 'string' ? code : undefined,
    linkName: type === 'bpmn:LinkEventDefinition' && typeof link === 'string' ? link : undefined,
    timer: readTimer(behaviour),
    condition: condition?.trim(),
  });
}

const eventKinds: Readonly<Record<string, EventKind>> = {
  'bpmn:TimerEventDefinition': 'timer',
  'bpmn:MessageEventDefinition': 'message',
  'bpmn:SignalEventDefinition': 'signal',
  'bpmn:ConditionalEventDefinition': 'condition',
  'bpmn:ErrorEventDefinition': 'error',
  'bpmn:EscalationEventDefinition': 'escalation',
  'bpmn:CancelEventDefinition': 'cancel',
  'bpmn:CompensateEventDefinition': 'compensation',
  'bpmn:LinkEventDefinition': 'link',
  'bpmn:TerminateEventDefinition': 'terminate',
};

function readTimer(behaviour: Raw): EventModel['timer'] {
  for (const type of ['timeDate', 'timeDuration', 'timeCycle'] as const) {
    const value = behaviour[type];
    if (typeof value === 'string') return { type, value: value.trim() };
  }
  return undefined;
}

/** The message or signal that an event, a send task or a receive task refers to. */
function messageOf(
  behaviour: Raw,
  roots: ReadonlyMap<string, SerialElement>,
): { name?: string; correlationKey?: string } | undefined {
  const referred = root(behaviour['messageRef'] ?? behaviour['signalRef'], roots);
  if (!referred) return undefined;
  return compact<{ name?: string; correlationKey?: string }>({
    name: referred.name,
    correlationKey: readExtensions(referred.behaviour).correlationKey,
  });
}

const root = (reference: unknown, roots: ReadonlyMap<string, SerialElement>): SerialElement | undefined =>
  roots.get((reference as { id?: string } | undefined)?.id ?? '');
