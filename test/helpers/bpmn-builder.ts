/**
 * Small BPMN diagrams for tests, written as a list of elements and flows:
 * `bpmn(start('s'), user('t'), end('e'), flow('s', 't', 'e'))`. Ids of flows are `source-target`, made XML-safe as `source.target`.
 */
const escape = (text: string): string => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

export interface Attributes {
  readonly [name: string]: string | boolean | number | undefined;
}

const attributes = (values: Attributes): string =>
  Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escape(String(value))}"`))
    .join('');

export const element = (type: string, values: Attributes, ...inside: readonly string[]): string =>
  `<bpmn:${type}${attributes(values)}>${extension(inside)}${inside.filter((part) => !part.startsWith('<zeebe:')).join('')}</bpmn:${type}>`;

const extension = (inside: readonly string[]): string => {
  const own = inside.filter((part) => part.startsWith('<zeebe:'));
  return own.length > 0 ? `<bpmn:extensionElements>${own.join('')}</bpmn:extensionElements>` : '';
};

/** A whole file with one executable process. Root elements (`message`, `signal`, `error`) are lifted out of the process. */
export function bpmn(...parts: readonly string[]): string {
  return bpmnNamed('P', ...parts);
}

export function bpmnNamed(processId: string, ...parts: readonly string[]): string {
  const roots = parts.filter((part) => /^<bpmn:(?:message|signal|error|escalation) /.test(part));
  const inside = parts.filter((part) => !roots.includes(part));
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="Definitions" targetNamespace="http://orderflow.test">
${roots.join('\n')}
<bpmn:process id="${processId}" isExecutable="true">
${inside.join('\n')}
</bpmn:process>
</bpmn:definitions>`;
}

/** Elements that belong together, as one line of a diagram: `...parts(start('s'), user('t'))`. */
export const parts = (...elements: readonly string[]): readonly string[] => elements;

// ---- roots
export const message = (id: string, key = '="k"', name = id): string =>
  element('message', { id, name }, `<zeebe:subscription correlationKey="${escape(key)}"/>`);
export const signal = (id: string): string => element('signal', { id, name: id });
export const error = (id: string, errorCode?: string): string => element('error', { id, name: id, errorCode });
export const escalation = (id: string, escalationCode?: string): string =>
  element('escalation', { id, name: id, escalationCode });

// ---- flows
export const flowId = (source: string, target: string): string => `${source}.${target}`;
/** A chain of flows through all the elements named. */
export const flow = (...ids: readonly string[]): string =>
  ids
    .slice(1)
    .map((target, index) =>
      element('sequenceFlow', { id: flowId(ids[index] ?? '', target), sourceRef: ids[index], targetRef: target }),
    )
    .join('');
export const flowIf = (source: string, target: string, condition: string): string =>
  element(
    'sequenceFlow',
    { id: flowId(source, target), sourceRef: source, targetRef: target },
    `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${escape(condition)}</bpmn:conditionExpression>`,
  );

// ---- extensions
export const properties = (values: Readonly<Record<string, string>>): string =>
  `<zeebe:properties>${Object.entries(values)
    .map(([name, value]) => `<zeebe:property name="${name}" value="${escape(value)}"/>`)
    .join('')}</zeebe:properties>`;
export const io = (mappings: {
  readonly input?: Readonly<Record<string, string>>;
  readonly output?: Readonly<Record<string, string>>;
}): string => {
  const list = (kind: string, values: Readonly<Record<string, string>> = {}) =>
    Object.entries(values).map(([target, source]) => `<zeebe:${kind} source="${escape(source)}" target="${target}"/>`);
  return `<zeebe:ioMapping>${[...list('input', mappings.input), ...list('output', mappings.output)].join('')}</zeebe:ioMapping>`;
};
export const loop = (values: Attributes, isSequential = false, completion?: string): string =>
  `<bpmn:multiInstanceLoopCharacteristics isSequential="${isSequential}"><bpmn:extensionElements><zeebe:loopCharacteristics${attributes(values)}/></bpmn:extensionElements>${
    completion === undefined
      ? ''
      : `<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">${escape(completion)}</bpmn:completionCondition>`
  }</bpmn:multiInstanceLoopCharacteristics>`;
/** A standard loop: round again as long as `condition` holds, at most `loopMaximum` times. */
export const standardLoop = (
  values: { readonly testBefore?: boolean; readonly loopMaximum?: number },
  condition?: string,
): string =>
  element(
    'standardLoopCharacteristics',
    values,
    condition === undefined
      ? ''
      : `<bpmn:loopCondition xsi:type="bpmn:tFormalExpression">${escape(condition)}</bpmn:loopCondition>`,
  );

// ---- nodes
export const start = (id: string, ...inside: readonly string[]): string => element('startEvent', { id }, ...inside);
export const end = (id: string, ...inside: readonly string[]): string => element('endEvent', { id }, ...inside);
export const plain = (id: string, ...inside: readonly string[]): string => element('task', { id }, ...inside);
export const user = (id: string, ...inside: readonly string[]): string =>
  element('userTask', { id }, '<zeebe:assignmentDefinition candidateGroups="clerks"/>', ...inside);
export const job = (id: string, ...inside: readonly string[]): string =>
  element('serviceTask', { id }, `<zeebe:taskDefinition type="do-${id}"/>`, ...inside);
export const call = (id: string, processId: string, ...inside: readonly string[]): string =>
  element('callActivity', { id }, `<zeebe:calledElement processId="${processId}"/>`, ...inside);
export const decision = (id: string, decisionId: string, resultVariable: string, ...inside: readonly string[]): string =>
  element(
    'businessRuleTask',
    { id },
    `<zeebe:calledDecision decisionId="${decisionId}" resultVariable="${resultVariable}"/>`,
    ...inside,
  );
export const receive = (id: string, messageRef: string, ...inside: readonly string[]): string =>
  element('receiveTask', { id, messageRef }, ...inside);
export const sub = (id: string, ...inside: readonly string[]): string => element('subProcess', { id }, ...inside);
export const transaction = (id: string, ...inside: readonly string[]): string => element('transaction', { id }, ...inside);
/** A sub-process that an event inside its scope starts; `startOn` is its start event. */
export const eventSub = (id: string, ...inside: readonly string[]): string =>
  element('subProcess', { id, triggeredByEvent: true }, ...inside);
export const startOn = (id: string, definition: string, interrupting = true, ...inside: readonly string[]): string =>
  element('startEvent', { id, ...(interrupting ? {} : { isInterrupting: false }) }, definition, ...inside);
export const script = (id: string, expression: string, resultVariable: string, ...inside: readonly string[]): string =>
  element(
    'scriptTask',
    { id },
    `<zeebe:script expression="${escape(expression)}" resultVariable="${resultVariable}"/>`,
    ...inside,
  );
/** Undoes a task; the compensation boundary event leads to it by an association, not by a sequence flow. */
export const undo = (id: string): string =>
  element('serviceTask', { id, isForCompensation: true }, `<zeebe:taskDefinition type="do-${id}"/>`);
export const undoneBy = (boundaryId: string, taskId: string): string =>
  element('association', {
    id: `${boundaryId}-${taskId}`,
    sourceRef: boundaryId,
    targetRef: taskId,
    associationDirection: 'One',
  });
export const xor = (id: string, defaultTarget?: string): string =>
  element('exclusiveGateway', { id, default: defaultTarget && flowId(id, defaultTarget) });
export const or = (id: string, defaultTarget?: string): string =>
  element('inclusiveGateway', { id, default: defaultTarget && flowId(id, defaultTarget) });
export const and = (id: string): string => element('parallelGateway', { id });
export const eventGateway = (id: string): string => element('eventBasedGateway', { id });
export const caught = (id: string, ...inside: readonly string[]): string => element('intermediateCatchEvent', { id }, ...inside);
export const thrown = (id: string, ...inside: readonly string[]): string => element('intermediateThrowEvent', { id }, ...inside);
export const boundary = (
  id: string,
  attachedToRef: string,
  definition: string,
  interrupting = true,
  ...inside: readonly string[]
): string =>
  element('boundaryEvent', { id, attachedToRef, ...(interrupting ? {} : { cancelActivity: false }) }, definition, ...inside);

// ---- event definitions
const timer = (type: string, text: string): string =>
  `<bpmn:timerEventDefinition><bpmn:${type} xsi:type="bpmn:tFormalExpression">${escape(text)}</bpmn:${type}></bpmn:timerEventDefinition>`;
export const duration = (text: string): string => timer('timeDuration', text);
export const date = (text: string): string => timer('timeDate', text);
export const cycle = (text: string): string => timer('timeCycle', text);
export const onMessage = (messageRef: string): string => element('messageEventDefinition', { messageRef });
export const onSignal = (signalRef: string): string => element('signalEventDefinition', { signalRef });
export const onError = (errorRef?: string): string => element('errorEventDefinition', { errorRef });
export const onCondition = (text: string): string =>
  `<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">${escape(text)}</bpmn:condition></bpmn:conditionalEventDefinition>`;
export const onEscalation = (escalationRef?: string): string => element('escalationEventDefinition', { escalationRef });
export const onLink = (name: string): string => element('linkEventDefinition', { name });
export const onCancel = (): string => '<bpmn:cancelEventDefinition/>';
export const onCompensation = (activityRef?: string): string => element('compensateEventDefinition', { activityRef });
export const terminate = (): string => '<bpmn:terminateEventDefinition/>';
