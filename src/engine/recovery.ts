/**
 * Puts tokens back: makes the state that bpmn-engine's `recover()` wants from a marking. Every active element is left exactly before its
 * behaviour executes, so `resume()` lets it announce its wait again; gateways, sub-processes and loops that are half way get the one message
 * that says so. Shapes: getState() of bpmn-elements 17.3 Definition, Process, ProcessExecution, Activity and smqp queues.
 */
import type { Content, Parent } from './facade.ts';
import { runId, slotOf, type ActiveElement, type ScopeMarking } from './marking.ts';
import type { ElementModel, ProcessModel } from './model.ts';
import type { RunMemory } from './snapshot.ts';
import { definitionsId } from './source.ts';

const definitionRun = { id: definitionsId, type: 'bpmn:Definitions', executionId: definitionsId };

/** State of an engine whose only process holds the tokens of `marking`. */
export function engineState(model: ProcessModel, marking: ScopeMarking): object {
  const process = { id: model.id, type: 'bpmn:Process', executionId: runId('', model.id) };
  const inside = scopeState(model, marking, { ...process }, '');
  const processState = {
    ...process,
    status: 'executing',
    stopped: false,
    broker: queues({ 'run-q': [message('run', 'run.execute', { ...process, parent: definitionRun })], ...inside.queue }),
    execution: inside.execution,
  };
  const definitionState = {
    ...definitionRun,
    status: 'executing',
    stopped: false,
    broker: queues({ 'run-q': [message('run', 'run.execute', definitionRun)] }),
    execution: {
      executionId: definitionRun.executionId,
      stopped: false,
      completed: false,
      status: 'executing',
      processes: [processState],
    },
  };
  return { definitions: [definitionState] };
}

/** What the runs of a marking know about themselves, by the execution id that they get back. */
export function runMemories(marking: ScopeMarking, path = ''): readonly (readonly [string, RunMemory])[] {
  return Object.entries(marking.active).flatMap(([id, { inside, left, loop }]) => [
    ...(loop ? [[runId(path, id), { size: loop.size }] as const] : []),
    ...(left !== undefined ? [[runId(path, id), { left }] as const] : []),
    ...(inside ? runMemories(inside, slotOf(path, id)) : []),
  ]);
}

interface QueuedMessage {
  readonly fields: { readonly exchange: string; readonly routingKey: string };
  readonly content: object;
  readonly properties: { readonly persistent: true };
}

const message = (exchange: string, routingKey: string, content: object): QueuedMessage => ({
  fields: { exchange, routingKey },
  content,
  properties: { persistent: true },
});

function queues(byName: Readonly<Record<string, readonly QueuedMessage[]>>): object {
  return {
    queues: Object.entries(byName).map(([name, messages]) => ({ name, options: { autoDelete: false, durable: true }, messages })),
  };
}

function scopeState(model: ProcessModel, marking: ScopeMarking, scope: Parent, path: string) {
  const ids = [...new Set([...Object.keys(marking.active), ...Object.keys(marking.held)])];
  const children = ids.map((id) => childState(model, marking, id, scope, path));
  const executionId = scope.executionId ?? '';
  return {
    queue: { [`execute-${executionId}-q`]: children.flatMap(({ pending }) => pending) },
    execution: {
      executionId,
      stopped: false,
      completed: false,
      status: 'executing',
      children: children.map(({ state }) => state),
    },
  };
}

/** State of one element, and the messages by which its scope knows that a token is there. */
function childState(model: ProcessModel, marking: ScopeMarking, id: string, parent: Parent, path: string) {
  const element = model.elements.get(id) as ElementModel;
  const heldTokens = (marking.held[id] ?? []).map((flowId, index) =>
    heldToken(element, flowId, `${runId(path, id)}%${index}`, parent),
  );
  const held = heldTokens.map((content) => message('event', 'flow.take', content));
  const active = marking.active[id];
  if (!active) return { state: { id, type: element.type, broker: queues({ 'inbound-q': held }) }, pending: held };
  const content = runContent(element, active, parent, path);
  const work = activeWork(model, element, active, content, path);
  const state = {
    id,
    type: element.type,
    status: 'executing',
    executionId: content.executionId,
    stopped: false,
    broker: queues({ 'run-q': [message('run', 'run.execute', content)], 'inbound-q': held, ...work.queues }),
    ...(work.execution && { execution: { completed: false, ...work.execution } }),
  };
  return { state, pending: [message('event', 'activity.wait', content), ...held] };
}

function runContent(element: ElementModel, active: ActiveElement, parent: Parent, path: string): Content {
  const host = element.attachedTo;
  const inbound =
    host === undefined ? [] : [{ ...runOf(host, parent, path), ...(active.left !== undefined && { repeat: active.left }) }];
  return {
    ...runOf(element.id, parent, path),
    type: element.type,
    inbound,
    ...(host !== undefined && { attachedTo: host }),
    ...(element.type === 'bpmn:SubProcess' && { isSubProcess: true }),
    ...(element.loop && { isMultiInstance: true }),
    ...(element.outgoing.length === 0 && { isEnd: true }),
  };
}

const runOf = (id: string, parent: Parent, path: string) => ({ id, executionId: runId(path, id), parent });

function heldToken(element: ElementModel, flowId: string, sequenceId: string, parent: Parent) {
  const source = element.incoming.find(({ id }) => id === flowId)?.source;
  return {
    id: flowId,
    type: 'bpmn:SequenceFlow',
    isSequenceFlow: true,
    action: 'take',
    sequenceId,
    sourceId: source,
    targetId: element.id,
    parent,
  };
}

interface Work {
  readonly queues?: Readonly<Record<string, readonly QueuedMessage[]>>;
  readonly execution?: object;
}

/** What an element has already done and must not do again; nothing for one that just waits. */
function activeWork(model: ProcessModel, element: ElementModel, active: ActiveElement, content: Content, path: string): Work {
  const started = { ...content, isRootScope: true, state: 'start' };
  if (active.inside) {
    const inside = scopeState(model, active.inside, within(content), slotOf(path, element.id));
    return {
      queues: { 'execute-q': [message('execution', 'execute.start', started)], ...inside.queue },
      execution: inside.execution,
    };
  }
  if (element.type === 'bpmn:EventBasedGateway') {
    return { queues: { 'execute-q': [message('execution', 'execute.start', started)] } };
  }
  if (active.loop) return { queues: { 'execute-q': loopMessages(element, active.loop, started) } };
  return {};
}

/** A run as the parent of what runs inside of it. */
function within({ id, type, executionId, parent }: Content): Parent {
  const { path = [], ...outer } = parent as Parent;
  return { id, ...(type !== undefined && { type }), executionId, path: [outer, ...path] };
}

function loopMessages(
  element: ElementModel,
  { size, open }: { size: number; open: readonly number[] },
  started: Content,
): QueuedMessage[] {
  const common = { ...started, loopCardinality: size, isSequential: element.sequential, preventComplete: true };
  if (element.sequential) {
    return [message('execution', 'execute.iteration.next', { ...common, index: open[0], state: 'iteration.next' })];
  }
  const batch = message('execution', 'execute.iteration.batch', { ...common, index: size, running: open.length, discarded: 0 });
  const iteration = { ...started, isRootScope: undefined, isMultiInstance: true, parent: within(started) };
  const run = (index: number) => ({ ...iteration, index, executionId: `${started.executionId}_${index}` });
  return [batch, ...open.map((index) => message('execution', 'execute.start', run(index)))];
}
