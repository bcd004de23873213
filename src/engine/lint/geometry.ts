import type { Bounds, Edge, Point, Shape } from './drawing.ts';

export const right = (box: Bounds): number => box.x + box.width;
export const bottom = (box: Bounds): number => box.y + box.height;
export const centre = (box: Bounds): Point => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

export const grow = (box: Bounds, by: number): Bounds => ({
  x: box.x - by,
  y: box.y - by,
  width: box.width + 2 * by,
  height: box.height + 2 * by,
});

/** Whether two boxes have an area, or a line through the other, in common; touching does not count. */
export const overlap = (a: Bounds, b: Bounds): boolean => a.x < right(b) && b.x < right(a) && a.y < bottom(b) && b.y < bottom(a);

export const within = (inner: Bounds, outer: Bounds): boolean =>
  inner.x >= outer.x && inner.y >= outer.y && right(inner) <= right(outer) && bottom(inner) <= bottom(outer);

/** The straight pieces of a line. */
export const segments = ({ waypoints }: Pick<Edge, 'waypoints'>): readonly (readonly [Point, Point])[] =>
  waypoints.slice(1).map((to, index) => [waypoints[index] ?? to, to] as const);

/** How far a point is outside (positive) or inside (negative) the outline of a shape: circle, diamond or rectangle. */
export function distanceToOutline({ type, bounds }: Shape, point: Point): number {
  const { x, y } = centre(bounds);
  const [dx, dy] = [Math.abs(point.x - x), Math.abs(point.y - y)];
  if (type.endsWith('Event')) return Math.hypot(dx, dy) - bounds.width / 2;
  if (type.endsWith('Gateway')) return dx + dy - bounds.width / 2;
  return Math.max(dx - bounds.width / 2, dy - bounds.height / 2);
}

/** Whether a straight line goes through the inside of a box (Liang and Barsky's clipping); a line along its border does not. */
export function passes([from, to]: readonly [Point, Point], box: Bounds): boolean {
  if (box.width <= 0 || box.height <= 0) return false;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  let [enters, leaves] = [0, 1];
  for (const [direction, distance] of [
    [-dx, from.x - box.x],
    [dx, right(box) - from.x],
    [-dy, from.y - box.y],
    [dy, bottom(box) - from.y],
  ] as const) {
    if (direction === 0) {
      if (distance <= 0) return false;
    } else if (direction < 0) enters = Math.max(enters, distance / direction);
    else leaves = Math.min(leaves, distance / direction);
  }
  return enters < leaves;
}

/** Whether any piece of a line goes through a box. */
export const crosses = (edge: Pick<Edge, 'waypoints'>, box: Bounds): boolean =>
  segments(edge).some((segment) => passes(segment, box));
