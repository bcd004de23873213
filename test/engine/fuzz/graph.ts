import * as b from '../../helpers/bpmn-builder.ts';

/** Variables that the conditions of a random diagram look at; `again` is told anew by whoever completes something. */
export const flags = ['v0', 'v1', 'v2', 'v3'] as const;
/** Variables that are repeated over; `few` is another list in each life. */
export const lists = ['none', 'one', 'few'] as const;

export type Kind =
  | 'start'
  | 'end'
  | 'plain'
  | 'user'
  | 'job'
  | 'catch'
  | 'throw'
  | 'linkThrow'
  | 'linkCatch'
  | 'xor'
  | 'and'
  | 'or'
  | 'events'
  | 'sub'
  | 'eventSub'
  | 'boundary';

export type Trigger = 'condition' | 'timer' | 'reminder' | 'message' | 'signal' | 'error' | 'escalation' | 'cancel' | 'terminate';

/** A flow node of a random diagram: as much as the drawing and the token game need. */
export interface Node {
  readonly id: string;
  readonly kind: Kind;
  /** What a catching or boundary event or the start of an event sub-process waits for; what an end or throw event throws. */
  readonly on?: Trigger;
  readonly interrupting?: boolean;
  /** Of a boundary event: the node that it is attached to. Of a link: its name. */
  readonly host?: string;
  readonly link?: string;
  /** Multi-instance over a list. */
  readonly list?: (typeof lists)[number];
  readonly sequential?: boolean;
  /** Standard loop: as long as `again` holds, at most so many times. */
  readonly rounds?: number;
  readonly inside?: Graph;
  readonly transaction?: boolean;
  /** A sub-process with a local variable `n`; at its end it becomes `last` outside. */
  readonly local?: boolean;
}

/** `when`: the variable that the flow asks; a flow of a choosing gateway without one is its default. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly when?: string;
}

export interface Graph {
  readonly nodes: Node[];
  readonly flows: Flow[];
}

/** The diagram as BPMN 2.0 XML. */
export function draw(graph: Graph): string {
  const roots = [b.error('E1', 'E1'), b.message('M', '="k"'), b.signal('G'), b.escalation('X1', 'X1')];
  return b.bpmn(...roots, ...drawGraph(graph));
}

function drawGraph({ nodes, flows }: Graph): readonly string[] {
  const drawn = flows.map(({ from, to, when }) => (when === undefined ? b.flow(from, to) : b.flowIf(from, to, `=${when}`)));
  return [...nodes.map((node) => drawNode(node, flows)), ...drawn];
}

function drawNode(node: Node, flows: readonly Flow[]): string {
  const { id, kind, on, interrupting = true, host = '', link = '', inside } = node;
  const out = flows.filter(({ from }) => from === id);
  const fallback = out.some(({ when }) => when !== undefined) ? out.find(({ when }) => when === undefined)?.to : undefined;
  switch (kind) {
    case 'start':
      return on ? b.startOn(id, definition(on), interrupting) : b.start(id);
    case 'end':
      return b.end(id, ...(on ? [definition(on)] : []));
    case 'throw':
      return b.thrown(id, definition(on));
    case 'linkThrow':
      return b.thrown(id, b.onLink(link));
    case 'linkCatch':
      return b.caught(id, b.onLink(link));
    case 'catch':
      return b.caught(id, definition(on), b.properties({ sla: 'P1D' }));
    case 'boundary':
      return b.boundary(id, host, definition(on), interrupting);
    case 'xor':
      return b.xor(id, fallback);
    case 'or':
      return b.or(id, fallback);
    case 'and':
      return b.and(id);
    case 'events':
      return b.eventGateway(id);
    case 'sub':
      return (node.transaction ? b.transaction : b.sub)(
        id,
        ...repeat(node),
        ...(node.local ? [local] : []),
        ...drawGraph(inside ?? empty),
      );
    case 'eventSub':
      return b.eventSub(id, ...drawGraph(inside ?? empty));
    case 'plain':
      return b.plain(id);
    default:
      return (kind === 'user' ? b.user : b.job)(id, ...repeat(node));
  }
}

const local = b.io({ input: { n: '=0' }, output: { last: '=n' } });
const empty: Graph = { nodes: [], flows: [] };

function repeat({ list, sequential, rounds }: Node): readonly string[] {
  if (list !== undefined) return [b.loop({ inputCollection: `=${list}`, inputElement: 'item' }, sequential)];
  return rounds === undefined ? [] : [b.standardLoop({ loopMaximum: rounds }, '=again')];
}

function definition(on: Trigger | undefined): string {
  switch (on) {
    case 'condition':
      return b.onCondition('=again');
    case 'timer':
      return b.duration('P1D');
    case 'reminder':
      return b.cycle('R3/PT1H');
    case 'message':
      return b.onMessage('M');
    case 'signal':
      return b.onSignal('G');
    case 'error':
      return b.onError('E1');
    case 'escalation':
      return b.onEscalation('X1');
    case 'cancel':
      return b.onCancel();
    default:
      return b.terminate();
  }
}
