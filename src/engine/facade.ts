/**
 * The only place that touches the untyped edges of bpmn-engine 25 / bpmn-elements 17: what Orderflow uses of them, with types that hold.
 * Everything else in this folder imports from here.
 */
import { Engine as StockEngine } from 'bpmn-engine';
import * as Stock from 'bpmn-elements';
import { SignalTaskBehaviour as StockSignalTaskBehaviour } from 'bpmn-elements/tasks';
import serializer, { TypeResolver } from 'moddle-context-serializer';

/** Body of an engine message: who, which run of it, and where it lies. */
export interface Content {
  readonly id: string;
  readonly type?: string;
  readonly executionId: string;
  readonly parent?: Parent;
  readonly inbound?: readonly Inbound[];
  readonly index?: number;
  readonly isRootScope?: boolean;
  readonly isMultiInstance?: boolean;
  readonly [name: string]: unknown;
}
export interface Parent {
  readonly id: string;
  readonly type?: string;
  readonly executionId?: string;
  readonly path?: readonly Parent[];
}
/** What started a run: a taken flow, or the host of a boundary event. `repeat`: firings of a repeating boundary event that may follow this one. */
export interface Inbound {
  readonly id: string;
  readonly repeat?: number;
  readonly [name: string]: unknown;
}
export interface Message {
  readonly fields: { readonly routingKey?: string; readonly redelivered?: boolean; readonly exchange?: string };
  readonly content: Content;
  readonly properties: Readonly<Record<string, unknown>>;
  ack(): void;
}
export interface Broker {
  publish(exchange: string, routingKey: string, content: object, properties?: object): void;
  subscribeTmp(exchange: string, pattern: string, onMessage: (key: string, message: Message) => void, options: object): void;
  cancel(consumerTag: string): void;
  getQueue(name: string): { readonly messages: readonly Message[] } | undefined;
}
export interface Environment {
  readonly expressions: unknown;
}
export interface ActivityDefinition {
  readonly id: string;
  readonly type: string;
  readonly behaviour: Readonly<Record<string, unknown>>;
}
export interface Activity {
  readonly id: string;
  readonly type: string;
  readonly status?: string;
  readonly executionId: string;
  readonly isRunning: boolean;
  readonly isThrowing?: boolean;
  readonly broker: Broker;
  readonly environment: Environment;
  readonly behaviour: Readonly<Record<string, unknown>>;
  readonly attachedTo: Activity | null;
  readonly inbound: readonly { readonly id: string; readonly sourceId: string }[];
  readonly execution?: { getPostponed(): readonly { readonly content: Content }[] };
  run(content?: object): void;
}
/** One running scope: the engine's ProcessExecution. */
export interface Scope {
  readonly id: string;
  readonly executionId: string;
  getActivities(): readonly Activity[];
}
export interface Api {
  signal(): void;
  cancel(): void;
}
export interface Definition {
  readonly isRunning: boolean;
  getRunningProcesses(): readonly { readonly id: string; readonly execution?: Scope }[];
  getApi(message: Pick<Message, 'fields' | 'content' | 'properties'>): Api;
}
export interface EngineInstance {
  readonly broker: Broker;
  readonly execution: { readonly definitions: readonly Definition[] } | null;
  on(event: 'error', listener: (error: Error) => void): void;
  execute(): Promise<unknown>;
  recover(state: object): void;
  resume(): Promise<unknown>;
}
/** What an element does when a token enters it. */
export interface Behaviour {
  execute(message: Message): void;
}
type BehaviourConstructor = new (activity: Activity) => Behaviour;
type ActivityConstructor = new (behaviour: BehaviourConstructor, definition: ActivityDefinition, context: object) => Activity;
export interface SequenceFlow {
  readonly id: string;
  readonly isDefault?: boolean;
  readonly environment: Environment;
  readonly behaviour: { readonly conditionExpression?: { readonly body?: string } };
}

export const Engine = StockEngine as unknown as new (options: object) => EngineInstance;
export const ActivityBase = Stock.Activity as unknown as ActivityConstructor;
export const SequenceFlowBase = Stock.SequenceFlow as unknown as new (definition: object, context: object) => SequenceFlow;
export const LoopCharacteristicsBase = (Stock as unknown as Readonly<Record<string, unknown>>)[
  'MultiInstanceLoopCharacteristics'
] as new (activity: Activity, loop: object) => object;
export const ProcessBehaviour: unknown = Stock.Process;
export const SignalTaskBehaviour = StockSignalTaskBehaviour as unknown as BehaviourConstructor;

/** Element of the serialised diagram: what `moddle-context-serializer` makes of a BPMN element, with the behaviour that executes it. */
export interface SerialElement {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly parent: { readonly id: string; readonly type: string };
  readonly behaviour: Readonly<Record<string, unknown>>;
}
export interface SerialFlow extends SerialElement {
  readonly sourceId: string;
  readonly targetId: string;
  readonly isDefault?: boolean;
}
export interface SerialElements {
  readonly processes: readonly SerialElement[];
  readonly activities: readonly SerialElement[];
  readonly sequenceFlows: readonly SerialFlow[];
}

/**
 * Serialises a parsed diagram and binds every element to the behaviour that will execute it. Collaborations are left out first: pools and
 * message flows execute nothing, and the serialiser cannot read a flow to a pool without a process. Throws on an element without behaviour.
 */
export function serialise(moddleContext: object, elements: Readonly<Record<string, unknown>>): SerialElements {
  const { rootElement } = moddleContext as { rootElement: { rootElements?: readonly { readonly $type: string }[] } };
  rootElement.rootElements = (rootElement.rootElements ?? []).filter(({ $type }) => $type !== 'bpmn:Collaboration');
  const resolver = TypeResolver({ ...Stock, ...elements } as never);
  return (serializer(moddleContext, resolver) as unknown as { elements: SerialElements }).elements;
}
