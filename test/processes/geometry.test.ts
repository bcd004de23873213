import { expect } from 'chai';
import { diagramText, readDiagram, type Diagram, type Point } from './diagram.ts';
import { bentFlows, geometryFaults } from './geometry.ts';

/** The usual way through each diagram, scope by scope: what the reader's eye follows. */
const happyPaths: Readonly<Record<string, readonly (readonly string[])[]>> = {
  quotation: [
    ['q_start', 'q_main', 'q_gw_result', 'q_handoff', 'q_end_approved'],
    [
      'qi_start',
      'q_draft',
      'q_price',
      'q_discount',
      'q_gw_discount',
      'q_issue',
      'q_customer',
      'q_gw_customer',
      'q_accept',
      'qi_end',
    ],
  ],
  sale: [
    ['s_start', 's_main', 's_gw_result', 's_handoff', 's_fulfilment', 's_close', 's_end_completed'],
    [
      'si_start',
      's_open',
      's_admission',
      's_gw_admission',
      's_gw_method',
      's_gw_terms',
      's_credit',
      's_gw_credit',
      's_reserve',
      's_gw_pay',
      's_pay_request',
      's_pay_status',
      's_gw_paid',
      's_clear',
      'si_end',
    ],
  ],
  fulfilment: [
    [
      'f_start',
      'f_prep',
      'f_gw_prep',
      'f_post',
      'f_capture',
      'f_transit',
      'f_deliver',
      'f_window',
      'f_window_end',
      'f_rollup',
      'f_gw_returns',
      'f_complete',
      'f_end_completed',
    ],
    ['fi_start', 'f_allocate', 'f_release', 'f_gw_release', 'f_pick', 'f_gw_pick', 'f_pack', 'f_book', 'fi_end'],
  ],
  return: [
    [
      'r_start',
      'r_eligible',
      'r_gw_eligible',
      'r_authorize',
      'r_goods',
      'r_inspect',
      'r_restock',
      'r_gw_accepted',
      'r_refund_rule',
      'r_gw_approval',
      'r_refund',
      'r_close',
      'r_end',
    ],
  ],
};

/** A copy in which one shape, alone, has been pushed. */
function push(diagram: Diagram, id: string, by: Point): Diagram {
  const shape = diagram.shapes.get(id);
  if (!shape) throw new Error(`${id} is not in the diagram`);
  const bounds = { ...shape.bounds, x: shape.bounds.x + by.x, y: shape.bounds.y + by.y };
  return { ...diagram, shapes: new Map(diagram.shapes).set(id, { ...shape, bounds }) };
}

/** A copy in which one flow runs through other points. */
function reroute(diagram: Diagram, id: string, change: (waypoints: readonly Point[]) => readonly Point[]): Diagram {
  return {
    ...diagram,
    edges: diagram.edges.map((edge) => (edge.id === id ? { ...edge, waypoints: change(edge.waypoints) } : edge)),
  };
}

describe('processes: how the diagrams are drawn', () => {
  for (const [processId, paths] of Object.entries(happyPaths)) {
    describe(`${processId}.bpmn`, () => {
      it('is drawn completely and cleanly', async () => {
        expect(geometryFaults(await readDiagram(await diagramText(processId)))).to.deep.equal([]);
      });

      it('has its happy path on one straight line', async () => {
        const diagram = await readDiagram(await diagramText(processId));
        expect(paths.flatMap((path) => bentFlows(diagram, path))).to.deep.equal([]);
      });
    });
  }

  describe('the checks themselves', () => {
    let xml: string;
    let diagram: Diagram;
    before(async () => {
      xml = await diagramText('quotation');
      diagram = await readDiagram(xml);
    });

    it('catch a shape that was moved away from its flows', () => {
      expect(geometryFaults(push(diagram, 'q_issue', { x: 12, y: 0 }))).to.include.members([
        'q_gw_discount_to_q_issue does not dock on q_issue',
        'q_issue_to_q_customer does not dock on q_issue',
      ]);
    });

    it('catch a shape that was moved onto another and out of its sub-process', () => {
      expect(geometryFaults(push(diagram, 'q_decline', { x: 0, y: 130 }))).to.include('q_accept and q_decline overlap');
      expect(geometryFaults(push(diagram, 'q_decline', { x: 0, y: -80 }))).to.include(
        'q_decline is not well inside or on q_main',
      );
    });

    it('catch a boundary event that left its host', () => {
      expect(geometryFaults(push(diagram, 'q_b_valid', { x: 0, y: 12 }))).to.include(
        'q_b_valid is not well inside or on q_customer',
      );
    });

    it('catch a flow that is askew or crosses a shape', () => {
      const askew = reroute(diagram, 'q_draft_to_q_price', ([from, to]) => [from!, { x: to!.x, y: to!.y + 5 }]);
      expect(geometryFaults(askew)).to.deep.equal(['q_draft_to_q_price is not orthogonal']);
      const high = reroute(diagram, 'q_gw_discount_to_q_draft', ([from, , , to]) => [
        from!,
        { x: from!.x, y: to!.y - 9 },
        { x: to!.x, y: to!.y - 9 },
        to!,
      ]);
      expect(geometryFaults(high)).to.include.members([
        'q_gw_discount_to_q_draft crosses q_price',
        'q_gw_discount_to_q_draft crosses q_discount',
      ]);
    });

    it('catch an element without a shape, a flow without an edge and a reference to nothing', async () => {
      const bare = await readDiagram(xml.replace(/<bpmndi:BPMNShape id="q_issue_di"[\s\S]*?<\/bpmndi:BPMNShape>/, ''));
      expect(bare.faults).to.deep.equal(['q_issue has no shape']);
      const loose = await readDiagram(xml.replace(/<bpmndi:BPMNEdge id="q_draft_to_q_price_di"[\s\S]*?<\/bpmndi:BPMNEdge>/, ''));
      expect(loose.faults).to.deep.equal(['flow q_draft_to_q_price has no edge']);
      const lost = await readDiagram(xml.replace('bpmnElement="q_issue"', 'bpmnElement="q_isue"'));
      expect(lost.faults).to.include.members(['unresolved reference <q_isue>', 'q_issue has no shape']);
    });

    it('catch a label on top of something', () => {
      const shape = diagram.shapes.get('q_gw_customer')!;
      const label = { ...shape.label!, x: shape.bounds.x + 60, y: shape.bounds.y + 18 };
      const covered = { ...diagram, shapes: new Map(diagram.shapes).set(shape.id, { ...shape, label }) };
      expect(geometryFaults(covered)).to.include('the label of q_gw_customer covers q_gw_customer_to_q_accept');
    });

    it('catch a happy path that bends', () => {
      const bent = reroute(diagram, 'q_draft_to_q_price', ([from, to]) => [from!, { x: to!.x, y: to!.y + 5 }]);
      expect(bentFlows(bent, ['qi_start', 'q_draft', 'q_price'])).to.deep.equal(['q_draft -> q_price']);
    });
  });
});
