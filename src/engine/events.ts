import type { Activity, Content, Message, Parent } from './facade.ts';

/** The parent of an event definition's run is the event's own run; the event lies one level further out. */
function eventContent(content: Content): Content {
  const { id: _id, path = [], ...parent } = content.parent as Parent;
  const [outer, ...rest] = path;
  return { ...content, executionId: parent.executionId ?? content.executionId, parent: { ...(outer as Parent), path: rest } };
}

/**
 * Every event that waits: timer, message, signal, condition, and the error boundary event. It announces the wait and completes on `signal`.
 * Whether a message has come or a timer is due is decided outside, from rows; the stock definitions arm timers in the process (none over
 * 24.8 days), let overdue timers fire inside `resume()`, and hand messages to whatever happens to listen.
 * A non-interrupting boundary event is armed again after it fired: always for messages and signals, `left` times for timers.
 */
export class CatchEventDefinition {
  readonly type: string;
  readonly executionId: string | undefined;

  constructor(
    private readonly activity: Activity,
    definition: { readonly type: string },
  ) {
    this.type = definition.type;
  }

  execute(executeMessage: Message): void {
    const { content } = executeMessage;
    const { broker } = this.activity;
    const event = eventContent(content);
    const onApi = (_key: string, message: Message) => this.onApi(message, content, event);
    for (const [tag, executionId] of Object.entries({ own: content.executionId, event: event.executionId })) {
      const options = { noAck: true, consumerTag: `_catch-${tag}-${content.executionId}`, priority: 400 };
      broker.subscribeTmp('api', `activity.*.${executionId}`, onApi, options);
    }
    broker.publish('event', 'activity.wait', { ...event, state: 'wait' });
  }

  private onApi({ properties }: Message, content: Content, event: Content): void {
    const { broker } = this.activity;
    if (properties['type'] !== 'signal' && properties['type'] !== 'discard' && properties['type'] !== 'stop') return;
    broker.cancel(`_catch-own-${content.executionId}`);
    broker.cancel(`_catch-event-${content.executionId}`);
    if (properties['type'] === 'stop') return;
    if (properties['type'] === 'discard') return broker.publish('execution', 'execute.discard', { ...content });
    broker.publish('event', 'activity.catch', { ...event, state: 'catch' }, { type: 'catch' });
    const left = this.firingsLeft(content);
    if (left !== 0) broker.publish('execution', 'execute.repeat', { ...content, repeat: left < 0 ? left : left - 1 });
    broker.publish('execution', 'execute.completed', { ...content, state: 'catch' });
  }

  /** Firings that may follow this one: -1 is no limit. */
  private firingsLeft(content: Content): number {
    if (!this.activity.attachedTo || this.activity.behaviour['cancelActivity'] !== false) return 0;
    if (this.type === 'bpmn:TimerEventDefinition') return content.inbound?.[0]?.repeat ?? 0;
    return -1;
  }
}

/** What is thrown and holds its token until the step knows who catches it. */
const holding = new Set(['bpmn:ErrorEventDefinition', 'bpmn:CancelEventDefinition']);

/**
 * Throws only say so; the step turns messages and signals into rows, and finds the event that catches an error, a cancellation or an escalation.
 * An error takes its token away with its scope. An escalation waits for the step's word: it goes on unless its scope is interrupted.
 */
export class ThrowEventDefinition {
  readonly type: string;
  readonly executionId: string | undefined;

  constructor(
    private readonly activity: Activity,
    private readonly definition: { readonly type: string },
  ) {
    this.type = definition.type;
  }

  execute(executeMessage: Message): void {
    const { content } = executeMessage;
    const { broker } = this.activity;
    broker.publish('event', 'activity.throw', { ...eventContent(content), state: 'throw' });
    if (holding.has(this.type)) return;
    if (this.type === 'bpmn:EscalationEventDefinition')
      return new CatchEventDefinition(this.activity, this.definition).execute(executeMessage);
    broker.publish('execution', 'execute.completed', { ...content });
  }
}
