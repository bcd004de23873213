import type { Drawing, Edge, Shape } from './drawing.ts';
import { finding } from './finding.ts';
import { centre, crosses, distanceToOutline, grow, overlap, within } from './geometry.ts';
import type { LayoutRule } from '../../contract/lint-rules.ts';
import type { Finding } from '../types.ts';

/** Something that is drawn so that a reader is led astray. */
export interface LayoutFault {
  readonly rule: LayoutRule;
  readonly elementId: string;
  /** What it collides with, or should lie on or in. */
  readonly other?: string;
}

export interface LayoutStrictness {
  /** Least distance between the border of a sub-process and what it contains, pixels. */
  readonly padding: number;
  /** How far the centre of a boundary event may be from the border of its host, pixels. */
  readonly slack: number;
  /** How much of a shape, as a part of its size, a line may touch at each side. */
  readonly touch: { readonly rectangle: number; readonly round: number };
}

/** What many tools draw and every reader understands passes: lines that end in the middle of a shape, or touch the tip of a gateway. */
const lenient: LayoutStrictness = { padding: 0, slack: 20, touch: { rectangle: 0.02, round: 0.25 } };

/** Findings of one diagram that are told; nobody repairs a drawing by a longer list. */
const told = 20;

/** How the drawing misleads: warnings, because tokens do not care. */
export function lintLayout(drawing: Drawing): readonly Finding[] {
  const { shapes, edges, undrawn } = drawing;
  if (shapes.size + edges.length === 0) {
    const [first] = undrawn;
    return first === undefined
      ? []
      : [finding(first, 'layout-missing', 'Nothing of the process is drawn: modelers show an empty sheet.')];
  }
  const faults = layoutFaults(drawing, lenient);
  const more = faults.length - told;
  return faults
    .slice(0, told)
    .map((fault, index) => tell(fault, more > 0 && index === told - 1 ? ` There are ${more} more like this.` : ''));
}

const sentences: Readonly<Record<LayoutRule, (other: string) => string>> = {
  'layout-missing': () => 'It is not drawn, so nobody who looks at the diagram knows of it.',
  'layout-overlap': (other) => `It covers ${other}. Move one of them.`,
  'layout-crossing': (other) => `The sequence flow runs through ${other}, as if it led there. Lead it around.`,
  'layout-place': (other) => `It is drawn away from ${other}, which it belongs to. Move it there.`,
};

const tell = ({ elementId, rule, other = '' }: LayoutFault, more: string): Finding =>
  finding(elementId, rule, `${sentences[rule](other)}${more}`);

/** Elements that are not drawn, shapes that overlap or lie outside of what they belong to, and flows through shapes. */
export function layoutFaults(drawing: Drawing, strictness: LayoutStrictness): readonly LayoutFault[] {
  return [
    ...drawing.undrawn.map((elementId) => ({ rule: 'layout-missing' as const, elementId })),
    ...shapeFaults(drawing, strictness),
    ...drawing.edges.flatMap((edge) => crossings(drawing, edge, strictness)),
  ];
}

function shapeFaults(drawing: Drawing, { padding, slack }: LayoutStrictness): LayoutFault[] {
  // sorted by their left borders, so that only neighbours are compared
  const shapes = [...drawing.shapes.values()].sort((a, b) => a.bounds.x - b.bounds.x);
  const faults: LayoutFault[] = [];
  for (const [index, shape] of shapes.entries()) {
    const { id: elementId, bounds, sheet } = shape;
    const scope = shapeOn(drawing, shape.scope, sheet);
    // a boundary event of a contained element may reach over its border
    if (scope && shape.host === undefined && !within(grow(bounds, padding), scope.bounds))
      faults.push({ rule: 'layout-place', elementId, other: scope.id });
    const host = shapeOn(drawing, shape.host, sheet);
    if (host && Math.abs(distanceToOutline(host, centre(bounds))) > slack)
      faults.push({ rule: 'layout-place', elementId, other: host.id });
    for (let at = index + 1; at < shapes.length; at++) {
      const other = shapes[at]!;
      if (other.bounds.x >= bounds.x + bounds.width) break;
      if (other.sheet === sheet && overlap(bounds, other.bounds) && !belong(drawing, shape, other))
        faults.push({ rule: 'layout-overlap', elementId, other: other.id });
    }
  }
  return faults;
}

const shapeOn = ({ shapes }: Drawing, id: string | undefined, sheet: number): Shape | undefined => {
  const shape = id === undefined ? undefined : shapes.get(id);
  return shape?.sheet === sheet ? shape : undefined;
};

const belong = (drawing: Drawing, a: Shape, b: Shape): boolean =>
  a.host === b.id || b.host === a.id || scopesOf(drawing, a).includes(b.id) || scopesOf(drawing, b).includes(a.id);

function crossings(drawing: Drawing, edge: Edge, { touch }: LayoutStrictness): LayoutFault[] {
  const around = scopesOf(drawing, drawing.shapes.get(edge.source));
  const faults: LayoutFault[] = [];
  for (const shape of drawing.shapes.values()) {
    if (shape.sheet !== edge.sheet || around.includes(shape.id) || shape.id === edge.source || shape.id === edge.target) continue;
    // whoever runs through a sub-process is told of that once, not for everything inside
    if (shape.scope !== undefined && !around.includes(shape.scope)) continue;
    const part = /(?:Event|Gateway)$/.test(shape.type) ? touch.round : touch.rectangle;
    if (crosses(edge, grow(shape.bounds, -part * shape.bounds.height)))
      faults.push({ rule: 'layout-crossing', elementId: edge.id, other: shape.id });
  }
  return faults;
}

/** The sub-processes around a shape, the nearest first. */
export function scopesOf(drawing: Drawing, shape: Shape | undefined): readonly string[] {
  const scopes: string[] = [];
  for (let scope = shape?.scope; scope !== undefined && !scopes.includes(scope); scope = drawing.shapes.get(scope)?.scope)
    scopes.push(scope);
  return scopes;
}
