import type { LayoutRule } from '../../src/contract/lint-rules.ts';
import { crosses, distanceToOutline, grow, overlap, segments, within } from '../../src/engine/lint/geometry.ts';
import { layoutFaults, scopesOf, type LayoutStrictness } from '../../src/engine/lint/layout.ts';
import type { Diagram, Edge } from './diagram.ts';

/** How far, in pixels, a line may miss a border and still dock on it. */
const tolerance = 1;

/** Our own diagrams are drawn more carefully than the linter asks others to. */
const strict: LayoutStrictness = { padding: 20, slack: tolerance, touch: { rectangle: 0, round: 0 } };

const sentences: Readonly<Record<LayoutRule, (id: string, other: string) => string>> = {
  'layout-missing': (id) => `${id} has no place`,
  'layout-overlap': (id, other) => `${[id, other].sort().join(' and ')} overlap`,
  'layout-crossing': (id, other) => `${id} crosses ${other}`,
  'layout-place': (id, other) => `${id} is not well inside or on ${other}`,
};

function layoutSentences(diagram: Diagram): string[] {
  const faults = layoutFaults(diagram, strict).filter(({ rule }) => rule !== 'layout-missing');
  return faults.map(({ rule, elementId, other = '' }) => sentences[rule](elementId, other));
}

function edgeFaults(diagram: Diagram, edge: Edge): string[] {
  const { id, source, target, waypoints } = edge;
  const faults: string[] = [];
  for (const [end, point] of [
    [source, waypoints[0]],
    [target, waypoints.at(-1)],
  ] as const) {
    const shape = diagram.shapes.get(end);
    if (!shape || !point) continue;
    if (Math.abs(distanceToOutline(shape, point)) > tolerance) faults.push(`${id} does not dock on ${end}`);
    // a flow may touch the border of its own ends
    if (crosses(edge, grow(shape.bounds, -tolerance)) && !scopesOf(diagram, diagram.shapes.get(source)).includes(end))
      faults.push(`${id} crosses ${end}`);
  }
  if (segments(edge).some(([from, to]) => from.x !== to.x && from.y !== to.y)) faults.push(`${id} is not orthogonal`);
  return faults;
}

function labelFaults(diagram: Diagram): string[] {
  const labelled = [...diagram.shapes.values(), ...diagram.edges];
  const faults: string[] = [];
  for (const [index, { id, label }] of labelled.entries()) {
    if (!label) continue;
    for (const shape of diagram.shapes.values()) {
      if (overlap(label, shape.bounds) && !(shape.type === 'SubProcess' && within(label, shape.bounds))) {
        faults.push(`the label of ${id} covers ${shape.id}`);
      }
    }
    for (const edge of diagram.edges) {
      if (crosses(edge, label)) faults.push(`the label of ${id} covers ${edge.id}`);
    }
    for (const other of labelled.slice(index + 1)) {
      if (other.label && overlap(label, other.label)) faults.push(`the labels of ${id} and ${other.id} overlap`);
    }
  }
  return faults;
}

/**
 * What a person would find wrong with a drawing, a sentence each: parser warnings, elements without a shape, overlaps, children outside
 * their sub-process, boundary events off their host's border, flows that cross shapes, miss their ends or run askew, labels on top of things.
 */
export function geometryFaults(diagram: Diagram): string[] {
  return [
    ...diagram.faults,
    ...layoutSentences(diagram),
    ...diagram.edges.flatMap((edge) => edgeFaults(diagram, edge)),
    ...labelFaults(diagram),
  ];
}

/** Flows of a path that are not one straight line to the right on the height of the first, by id. */
export function bentFlows(diagram: Diagram, path: readonly string[]): string[] {
  const flows = path
    .slice(1)
    .map((target, index) => diagram.edges.find((edge) => edge.source === path[index] && edge.target === target));
  const level = flows[0]?.waypoints[0]?.y;
  return flows.flatMap((flow, index) => {
    const straight = flow?.waypoints.every(({ x, y }, at) => y === level && x >= (flow.waypoints[at - 1]?.x ?? x)) ?? false;
    return straight ? [] : [`${path[index]} -> ${path[index + 1]}`];
  });
}
