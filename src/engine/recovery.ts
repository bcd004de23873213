/**
 * Puts tokens back: makes the state that bpmn-engine's `recover()` wants from the tokens of one scope. Every active element is left exactly
 * before its behaviour executes, so `resume()` lets it announce its wait again; gateways and loops that are half way get the one message
 * that says so. Shapes: getState() of bpmn-elements 17.3 Definition, Process, ProcessExecution, Activity and smqp queues.
 */
import type { Content, Parent } from './facade.ts';
import { runId, type ActiveElement } from './marking.ts';
import type { ElementModel, ProcessModel } from './model.ts';
import type { RunMemory, Tokens } from './snapshot.ts';
import { definitionsId } from './source.ts';

const definitionRun = { id: definitionsId, type: 'bpmn:Definitions', executionId: definitionsId };

/** State of an engine whose only process is the scope, with its tokens. `path` is the slot of the scope. */
export function engineState(model: ProcessModel, scope: string, path: string, tokens: Tokens): object {
  const process = { id: scope, type: 'bpmn:Process', executionId: runId('', scope) };
  const ids = [...new Set([...Object.keys(tokens.active), ...Object.keys(tokens.held)])];
  const children = ids.map((id) => childState(model.elements.get(id) as ElementModel, tokens, process, path));
  const processState = {
    ...process,
    status: 'executing',
    stopped: false,
    broker: queues({
      'run-q': [message('run', 'run.execute', { ...process, parent: definitionRun })],
      [`execute-${process.executionId}-q`]: children.flatMap(({ pending }) => pending),
    }),
    execution: {
      executionId: process.executionId,
      stopped: false,
      completed: false,
      status: 'executing',
      children: children.map(({ state }) => state),
    },
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

/** Notes what runs that are put back know about themselves, by the execution id that they get back. */
export function rememberRuns(path: string, { active }: Tokens, memory: RunMemory): void {
  for (const [id, { left, loop }] of Object.entries(active)) {
    if (loop) memory.sizes.set(runId(path, id), loop.size);
    if (left !== undefined) memory.left.set(runId(path, id), left);
  }
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

/** State of one element, and the messages by which its scope knows that a token is there. */
function childState(element: ElementModel, tokens: Tokens, parent: Parent, path: string) {
  const { id, type } = element;
  const heldTokens = (tokens.held[id] ?? []).map((flowId, index) =>
    heldToken(element, flowId, `${runId(path, id)}%${index}`, parent),
  );
  const held = heldTokens.map((content) => message('event', 'flow.take', content));
  const active = tokens.active[id];
  if (!active) return { state: { id, type, broker: queues({ 'inbound-q': held }) }, pending: held };
  const content = runContent(element, active, parent, path);
  const begun = begunWork(element, active, content);
  const state = {
    id,
    type,
    status: 'executing',
    executionId: content.executionId,
    stopped: false,
    broker: queues({
      'run-q': [message('run', 'run.execute', content)],
      'inbound-q': held,
      ...(begun.length > 0 && { 'execute-q': begun }),
    }),
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

/** What an element has already done and must not do again; nothing for one that just waits. */
function begunWork(element: ElementModel, active: ActiveElement, content: Content): readonly QueuedMessage[] {
  const started = { ...content, isRootScope: true, state: 'start' };
  if (element.type === 'bpmn:EventBasedGateway') return [message('execution', 'execute.start', started)];
  return active.loop ? loopMessages(element, active.loop, started) : [];
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
