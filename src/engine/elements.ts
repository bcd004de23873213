/**
 * How bpmn-elements 17.3 executes a diagram under a durable service. The stock elements lose or double tokens in one of three structured
 * diagrams, call services again at every resume, and evaluate text of the diagram as code; each override says which fault it removes.
 * An element that waits only announces it (`activity.wait`) and goes on when its `signal` comes; nothing here knows time, queues or services.
 */
import {
  ActivityBase,
  LoopCharacteristicsBase,
  SequenceFlowBase,
  SignalTaskBehaviour,
  type Activity,
  type ActivityDefinition,
  type Behaviour,
  type Environment,
  type Message,
} from './facade.ts';
import { CatchEventDefinition, ThrowEventDefinition } from './events.ts';
import { JoinActivity } from './joins.ts';

/** What elements ask the running step; it travels through the engine's environment with the expression evaluator. */
export interface StepHooks {
  /** Whether the token takes this conditional flow. */
  condition(flowId: string): boolean;
  /** Evaluates the decision of a business rule task, or the expression of a script task, and puts its result into the variables. */
  compute(elementId: string): void;
  /** How many times an activity runs that repeats. */
  loopSize(elementId: string, executionId: string): number;
  /** Whether the runs so far are enough; `index` is that of the run which has just ended. */
  loopDone(elementId: string, index: number, executionId: string): boolean;
}

const loopSize = Symbol('how many runs a loop has');
const loopDone = Symbol('whether a loop is complete');

/**
 * In the place of the stock expression evaluator, which runs text of the diagram, and of the data, as code. Text stays text; only the two
 * markers that our own loop characteristics put there are answered.
 */
export function createExpressions(hooks: StepHooks): object {
  const resolveExpression = (value: unknown, { content }: Pick<Message, 'content'>): unknown => {
    if (value === loopSize) return hooks.loopSize(content.id, content.executionId);
    // the run of one element is a part of the run of its loop
    if (value === loopDone) return hooks.loopDone(content.id, content.index ?? 0, content.executionId.replace(/_\d+$/, ''));
    return value;
  };
  return { hooks, resolveExpression, isExpression: () => false, hasExpression: () => false };
}

const hooksOf = (environment: Environment): StepHooks => (environment.expressions as { readonly hooks: StepHooks }).hooks;

/**
 * Flows carry tokens and nothing else. Stock flows also carry "discards" down every path that was not taken, which lets a parallel join fire
 * before all its tokens have come, and doubles the work at every gateway in a row.
 */
class SequenceFlow extends SequenceFlowBase {
  discard(): void {}

  evaluate(_from: Message, callback: (error: unknown, taken?: boolean) => void): void {
    const conditional = !this.isDefault && this.behaviour.conditionExpression?.body !== undefined;
    if (!conditional) return callback(null, true);
    let taken: boolean;
    try {
      taken = hooksOf(this.environment).condition(this.id);
    } catch (error) {
      return callback(error);
    }
    return callback(null, taken);
  }
}

/** Goes on at once. */
class PassBehaviour implements Behaviour {
  constructor(private readonly activity: Activity) {}

  execute({ content }: Message): void {
    this.activity.broker.publish('execution', 'execute.completed', { ...content });
  }
}

/** A business rule task with a called decision, or a script task in FEEL: answered inside the step, it never waits. */
class ComputeBehaviour implements Behaviour {
  constructor(private readonly activity: Activity) {}

  execute({ content }: Message): void {
    hooksOf(this.activity.environment).compute(this.activity.id);
    this.activity.broker.publish('execution', 'execute.completed', { ...content });
  }
}

function Join(definition: ActivityDefinition, context: object): Activity {
  return new JoinActivity(PassBehaviour, { ...definition, isParallelGateway: true } as ActivityDefinition, context);
}

/**
 * Work outside of the scope, by a person, a worker, another process, or a sub-process, which is a scope of its own: one kind of wait. Stock
 * service tasks would do it again at every resume.
 */
function WaitingTask(definition: ActivityDefinition, context: object): Activity {
  return new ActivityBase(SignalTaskBehaviour, definition, context);
}

/** A business rule or script task: computed within the step, unless it is a job. */
function ComputedTask(definition: ActivityDefinition, context: object): Activity {
  const extensions = definition.behaviour['extensionElements'] as { values?: readonly { $type: string }[] } | undefined;
  const computes = extensions?.values?.some(({ $type }) => $type === 'zeebe:CalledDecision' || $type === 'zeebe:Script');
  return new ActivityBase(computes ? ComputeBehaviour : SignalTaskBehaviour, definition, context);
}

function PassingTask(definition: ActivityDefinition, context: object): Activity {
  return new ActivityBase(PassBehaviour, definition, context);
}

/** The start command has already said which start event it is: what a start event waits for is not awaited again. */
function StartEvent(definition: ActivityDefinition, context: object): Activity {
  return passing(definition, context);
}

function passing(definition: ActivityDefinition, context: object): Activity {
  const { eventDefinitions: _awaited, ...behaviour } = definition.behaviour;
  return new ActivityBase(PassBehaviour, { ...definition, behaviour }, context);
}

/** Stands in for what the linter refuses, so that the refused diagram can be serialised and all its faults be named at once. */
function NotRun(definition: ActivityDefinition, context: object): Activity {
  return new ActivityBase(PassBehaviour, definition, context);
}

/** A link passes its token on; the flow to the other end is made when the diagram is read (links.ts). */
class LinkEventDefinition extends PassBehaviour {}

const EventDefinition = function eventDefinition(activity: Activity, definition: { readonly type: string }) {
  return activity.isThrowing ? new ThrowEventDefinition(activity, definition) : new CatchEventDefinition(activity, definition);
};

const standardLoop = 'bpmn:StandardLoopCharacteristics';

/** The engine counts the runs of a loop and nothing else: the collection, its elements and all conditions are the step's business. */
const LoopCharacteristics = function loopCharacteristics(
  activity: Activity,
  loop: { readonly type: string; readonly behaviour: Readonly<Record<string, unknown>> },
) {
  const isSequential = loop.behaviour['isSequential'] === true || loop.type === standardLoop;
  return new LoopCharacteristicsBase(activity, {
    ...loop,
    behaviour: { isSequential, loopCardinality: loopSize, completionCondition: loopDone },
  });
};

/** By BPMN type name; whatever is not named here is the stock element: exclusive and event-based gateways, boundary events. */
export const elementOverrides: Readonly<Record<string, unknown>> = {
  SequenceFlow,
  ParallelGateway: Join,
  InclusiveGateway: Join,
  ComplexGateway: NotRun,
  StartEvent,
  Task: PassingTask,
  ManualTask: PassingTask,
  UserTask: WaitingTask,
  ServiceTask: WaitingTask,
  SendTask: WaitingTask,
  ReceiveTask: WaitingTask,
  ScriptTask: ComputedTask,
  CallActivity: WaitingTask,
  BusinessRuleTask: ComputedTask,
  SubProcess: WaitingTask,
  Transaction: WaitingTask,
  AdHocSubProcess: NotRun,
  TimerEventDefinition: EventDefinition,
  MessageEventDefinition: EventDefinition,
  SignalEventDefinition: EventDefinition,
  ConditionalEventDefinition: EventDefinition,
  ErrorEventDefinition: EventDefinition,
  EscalationEventDefinition: EventDefinition,
  CancelEventDefinition: EventDefinition,
  CompensateEventDefinition: EventDefinition,
  LinkEventDefinition,
  MultiInstanceLoopCharacteristics: LoopCharacteristics,
  StandardLoopCharacteristics: LoopCharacteristics,
};
