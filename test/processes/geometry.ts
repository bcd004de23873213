import type { Bounds, Diagram, Edge, Point, Shape } from './diagram.ts';

/** How far, in pixels, a line may miss a border and still dock on it. */
const tolerance = 1;

/** Least distance between the border of a sub-process and what it contains. */
const padding = 20;

const right = (box: Bounds): number => box.x + box.width;
const bottom = (box: Bounds): number => box.y + box.height;
const centre = (box: Bounds): Point => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
const grow = (box: Bounds, by: number): Bounds => ({
  x: box.x - by,
  y: box.y - by,
  width: box.width + 2 * by,
  height: box.height + 2 * by,
});
const overlap = (a: Bounds, b: Bounds): boolean => a.x < right(b) && b.x < right(a) && a.y < bottom(b) && b.y < bottom(a);
const within = (inner: Bounds, outer: Bounds): boolean =>
  inner.x >= outer.x && inner.y >= outer.y && right(inner) <= right(outer) && bottom(inner) <= bottom(outer);

/** The straight pieces of a line, each as the (flat) rectangle it covers. */
const segments = ({ waypoints }: Edge): Bounds[] =>
  waypoints.slice(1).map((to, index) => {
    const from = waypoints[index] ?? to;
    return {
      x: Math.min(from.x, to.x),
      y: Math.min(from.y, to.y),
      width: Math.abs(from.x - to.x),
      height: Math.abs(from.y - to.y),
    };
  });

/** How far a point is outside (positive) or inside (negative) the outline of a shape: circle, diamond or rectangle. */
function distanceToOutline({ type, bounds }: Shape, point: Point): number {
  const { x, y } = centre(bounds);
  const [dx, dy] = [Math.abs(point.x - x), Math.abs(point.y - y)];
  if (type.endsWith('Event')) return Math.hypot(dx, dy) - bounds.width / 2;
  if (type.endsWith('Gateway')) return dx + dy - bounds.width / 2;
  return Math.max(dx - bounds.width / 2, dy - bounds.height / 2);
}

/** The sub-processes around a shape, the nearest first. */
function scopesOf(diagram: Diagram, shape: Shape | undefined): string[] {
  const scope = shape?.scope;
  return scope === undefined ? [] : [scope, ...scopesOf(diagram, diagram.shapes.get(scope))];
}

function shapeFaults(diagram: Diagram): string[] {
  const shapes = [...diagram.shapes.values()];
  const faults: string[] = [];
  for (const [index, shape] of shapes.entries()) {
    const scope = shape.scope === undefined ? undefined : diagram.shapes.get(shape.scope);
    if (scope && !within(grow(shape.bounds, padding), scope.bounds)) faults.push(`${shape.id} is not well inside ${scope.id}`);
    const host = shape.host === undefined ? undefined : diagram.shapes.get(shape.host);
    if (host && Math.abs(distanceToOutline(host, centre(shape.bounds))) > tolerance) {
      faults.push(`${shape.id} is not on the border of ${host.id}`);
    }
    for (const other of shapes.slice(index + 1)) {
      const belong =
        shape.host === other.id ||
        other.host === shape.id ||
        scopesOf(diagram, shape).includes(other.id) ||
        scopesOf(diagram, other).includes(shape.id);
      if (!belong && overlap(shape.bounds, other.bounds)) faults.push(`${shape.id} and ${other.id} overlap`);
    }
  }
  return faults;
}

function edgeFaults(diagram: Diagram, edge: Edge): string[] {
  const { id, source, target, waypoints } = edge;
  const faults: string[] = [];
  for (const [end, point] of [
    [source, waypoints[0]],
    [target, waypoints.at(-1)],
  ] as const) {
    const shape = diagram.shapes.get(end);
    if (shape && point && Math.abs(distanceToOutline(shape, point)) > tolerance) faults.push(`${id} does not dock on ${end}`);
  }
  const pieces = segments(edge);
  if (pieces.some(({ width, height }) => width > 0 && height > 0)) faults.push(`${id} is not orthogonal`);
  const around = scopesOf(diagram, diagram.shapes.get(source));
  for (const shape of diagram.shapes.values()) {
    if (around.includes(shape.id)) continue;
    // a flow may touch the border of its own ends, and nothing of any other shape
    const body = grow(shape.bounds, shape.id === source || shape.id === target ? -tolerance : 0);
    if (pieces.some((piece) => overlap(piece, body))) faults.push(`${id} crosses ${shape.id}`);
  }
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
      if (segments(edge).some((piece) => overlap(label, piece))) faults.push(`the label of ${id} covers ${edge.id}`);
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
    ...shapeFaults(diagram),
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
