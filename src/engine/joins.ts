import { ActivityBase, type Content, type Message } from './facade.ts';

interface JoinInternals {
  run(content: object): void;
}

/**
 * A parallel or inclusive gateway with several incoming flows. Tokens are held until each incoming flow has one; then one token of each flow
 * goes on together and the others stay (BPMN 2.0.2 section 13.4.1). Stock counts sources instead of flows, takes every waiting token along,
 * and does not join inclusive gateways at all. An inclusive join is released earlier by the step: see inclusive.ts.
 */
export class JoinActivity extends ActivityBase {
  private readonly arrived = new Set<Message>();

  /** Called by the stock constructor's binding for every token on an incoming flow. */
  _onJoinInbound(_key: string, message: Message): void {
    this.arrived.add(message);
    if (this.flowsWithToken().size === this.inbound.length) this.release();
  }

  /** Incoming flows that hold a token. */
  flowsWithToken(): ReadonlySet<string> {
    return new Set([...this.arrived].map(({ content }) => content.id));
  }

  /** One token of every incoming flow that has one goes on; tokens behind them are delivered again when the gateway has been left. */
  release(): void {
    const first = new Map<string, Message>();
    for (const message of this.arrived) if (!first.has(message.content.id)) first.set(message.content.id, message);
    this.arrived.clear();
    const inbound: Content[] = [...first.values()].map(({ content }) => ({ ...content }));
    for (const message of first.values()) message.ack();
    this.broker.cancel('_run-on-inbound');
    (this as JoinInternals).run({ inbound });
  }
}

export const isJoin = (activity: object): activity is JoinActivity => activity instanceof JoinActivity;
