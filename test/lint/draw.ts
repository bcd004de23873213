import { parseElements, type Element } from '../processes/diagram.ts';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const gap = 50;

/**
 * Adds a drawing to a diagram that has none. Every element has a column and a row of its own, like stairs, so that no flow needs to cross a shape: it
 * leaves sideways in the row of its source and arrives in the column of its target.
 */
export async function drawn(xml: string): Promise<string> {
  const { elements, definitions } = await parseElements(xml);
  const boxes = new Map<string, Box>();
  const isNode = ({ $type }: Element): boolean => /(?:Task|Event|Gateway|SubProcess|Transaction|CallActivity)$/.test($type);
  const inside = (id: string): Element[] => elements.filter(({ $parent }) => $parent?.id === id).filter(isNode);

  /** Places what is in a container from a corner on, and answers the corner opposite. */
  const place = (container: string, x: number, y: number): { x: number; y: number } => {
    let at = { x, y };
    for (const element of inside(container).filter(({ attachedToRef }) => !attachedToRef)) {
      const children = inside(element.id);
      const end = children.length > 0 ? place(element.id, at.x + gap, at.y + gap) : undefined;
      const [width, height] = end ? [end.x - at.x, end.y - at.y] : sizeOf(element);
      boxes.set(element.id, { ...at, width, height });
      at = { x: at.x + width + gap, y: at.y + height + gap };
    }
    for (const [index, event] of inside(container)
      .filter(({ attachedToRef }) => attachedToRef)
      .entries()) {
      const host = boxes.get(event.attachedToRef?.id ?? '');
      if (host) boxes.set(event.id, { x: host.x + 10 + 46 * index, y: host.y + host.height - 18, width: 36, height: 36 });
    }
    return at;
  };
  let corner = { x: 160, y: 80 };
  for (const root of definitions.rootElements) if (root.$type === 'bpmn:Process') corner = place(root.id, corner.x, corner.y);

  const shapes = [...boxes].map(
    ([id, { x, y, width, height }]) =>
      `<bpmndi:BPMNShape id="${id}_di" bpmnElement="${id}"${inside(id).length > 0 ? ' isExpanded="true"' : ''}><dc:Bounds x="${x}" y="${y}" width="${width}" height="${height}"/></bpmndi:BPMNShape>`,
  );
  const edges = elements.flatMap(({ id, sourceRef, targetRef, $type }) => {
    const [from, to] = [boxes.get(sourceRef?.id ?? ''), boxes.get(targetRef?.id ?? '')];
    if ($type !== 'bpmn:SequenceFlow' || !from || !to) return [];
    const points = wayBetween(from, to, sourceRef?.attachedToRef !== undefined);
    return [
      `<bpmndi:BPMNEdge id="${id}_di" bpmnElement="${id}">${points.map(([x, y]) => `<di:waypoint x="${x}" y="${y}"/>`).join('')}</bpmndi:BPMNEdge>`,
    ];
  });
  const process = definitions.rootElements.find(({ $type }) => $type === 'bpmn:Process');
  const diagram = `<bpmndi:BPMNDiagram id="Diagram"><bpmndi:BPMNPlane id="Plane" bpmnElement="${process?.id}">\n${[...shapes, ...edges].join('\n')}\n</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>`;
  return xml
    .replace(
      '<bpmn:definitions',
      '<bpmn:definitions xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"',
    )
    .replace('</bpmn:definitions>', `${diagram}\n</bpmn:definitions>\n`);
}

function sizeOf({ $type }: Element): readonly [number, number] {
  if ($type.endsWith('Event')) return [36, 36];
  if ($type.endsWith('Gateway')) return [50, 50];
  return [100, 80];
}

type Points = readonly (readonly [number, number])[];

function wayBetween(from: Box, to: Box, fromBoundary: boolean): Points {
  const [fromMiddle, toMiddle] = [from.y + from.height / 2, to.x + to.width / 2];
  const isForward = to.x > from.x;
  if (fromBoundary) {
    const x = from.x + from.width / 2;
    return [
      [x, from.y + from.height],
      [x, to.y + to.height / 2],
      [isForward ? to.x : to.x + to.width, to.y + to.height / 2],
    ];
  }
  return [
    [isForward ? from.x + from.width : from.x, fromMiddle],
    [toMiddle, fromMiddle],
    [toMiddle, isForward ? to.y : to.y + to.height],
  ];
}
