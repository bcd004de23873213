/** A point on the canvas; y grows downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle on the canvas, by its upper left corner. */
export interface Bounds extends Point {
  readonly width: number;
  readonly height: number;
}

/** A flow node as it is drawn. */
export interface Shape {
  readonly id: string;
  /** BPMN type without its prefix: UserTask, ExclusiveGateway ... */
  readonly type: string;
  readonly bounds: Bounds;
  /** Number of the sheet it is drawn on; a collapsed sub-process has its inside on another one. */
  readonly sheet: number;
  /** Id of the sub-process around it. */
  readonly scope?: string;
  /** Id of the activity that a boundary event sits on. */
  readonly host?: string;
  readonly label?: Bounds;
}

/** A sequence flow as it is drawn. */
export interface Edge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly sheet: number;
  readonly waypoints: readonly Point[];
  readonly label?: Bounds;
}

/** What a modeler would show of a file's flow nodes and sequence flows (BPMN DI). */
export interface Drawing {
  readonly shapes: ReadonlyMap<string, Shape>;
  readonly edges: readonly Edge[];
  /** Flow nodes and sequence flows without a place on any sheet. */
  readonly undrawn: readonly string[];
  /** Elements that are drawn more than once. */
  readonly doubled: readonly string[];
}

/** A parsed element as far as a drawing needs it. */
interface Element {
  readonly $type: string;
  readonly $parent?: Element;
  readonly id?: string;
  readonly flowElements?: readonly Element[];
  readonly attachedToRef?: Element;
  readonly sourceRef?: Element;
  readonly targetRef?: Element;
}

interface Drawn {
  readonly bpmnElement?: Element;
  readonly isExpanded?: boolean;
  readonly bounds?: Bounds;
  readonly waypoint?: readonly Point[];
  readonly label?: { readonly bounds?: Bounds };
}

interface Root {
  readonly rootElements?: readonly Element[];
  readonly diagrams?: readonly { readonly plane?: { readonly planeElement?: readonly Drawn[] } }[];
}

/** Joins the drawn shapes and edges of a parsed file with the elements that they are about. Data, artifacts and pools are left out. */
export function readDrawing(root: object): Drawing {
  const { rootElements = [], diagrams = [] } = root as Root;
  const drawn = new Map<string, Drawn & { readonly sheet: number }>();
  const doubled: string[] = [];
  for (const [sheet, { plane }] of diagrams.entries()) {
    for (const each of plane?.planeElement ?? []) {
      const id = each.bpmnElement?.id;
      if (id === undefined) continue;
      if (drawn.has(id)) doubled.push(id);
      else drawn.set(id, { ...each, sheet });
    }
  }
  const shapes = new Map<string, Shape>();
  const edges: Edge[] = [];
  const undrawn: string[] = [];
  for (const element of flowElementsOf(rootElements)) {
    const { id = '', $type, $parent, attachedToRef: host, sourceRef, targetRef } = element;
    const type = $type.slice($type.indexOf(':') + 1);
    const isFlow = type === 'SequenceFlow';
    if (!isFlow && !/(?:Task|Event|Gateway|SubProcess|Transaction|CallActivity)$/.test(type)) continue;
    const place = drawn.get(id);
    const { bounds, waypoint = [], label, sheet = 0 } = place ?? {};
    const labelled = label?.bounds && { label: label.bounds };
    const inside = $parent && $parent.$type !== 'bpmn:Process' ? $parent.id : undefined;
    // what lies in a collapsed sub-process is shown on a sheet of its own, if at all
    const around = inside === undefined ? undefined : drawn.get(inside);
    if (around?.isExpanded === false && (!place || around.sheet === sheet)) continue;
    if (isFlow) {
      if (waypoint.length < 2) undrawn.push(id);
      else if (sourceRef?.id !== undefined && targetRef?.id !== undefined)
        edges.push({ id, source: sourceRef.id, target: targetRef.id, sheet, waypoints: waypoint, ...labelled });
    } else if (!bounds) {
      undrawn.push(id);
    } else {
      const scope = inside !== undefined && { scope: inside };
      shapes.set(id, { id, type, bounds, sheet, ...scope, ...(host?.id !== undefined && { host: host.id }), ...labelled });
    }
  }
  return { shapes, edges, undrawn, doubled };
}

/** Every flow element, those in sub-processes behind the sub-process. */
function flowElementsOf(containers: readonly Element[]): Element[] {
  const found: Element[] = [];
  const next = [...containers].reverse();
  for (let container = next.pop(); container; container = next.pop()) {
    const elements = container.flowElements ?? [];
    found.push(...elements);
    next.push(...elements.filter((element) => element.flowElements).reverse());
  }
  return found;
}
