import { readFile } from 'node:fs/promises';
import { BpmnModdle } from 'bpmn-moddle';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' };

/** Where the diagrams, decision tables and schemas lie. */
export const processesFolder = new URL('../../processes/', import.meta.url);

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
  readonly waypoints: readonly Point[];
  readonly label?: Bounds;
}

export interface Diagram {
  /** What the parser complained of, and elements without a place on the canvas. */
  readonly faults: readonly string[];
  readonly shapes: ReadonlyMap<string, Shape>;
  readonly edges: readonly Edge[];
}

/** What these tests read of a parsed element: attributes, references and contained elements. */
export interface Element {
  readonly $type: string;
  readonly $parent?: Element;
  readonly id: string;
  readonly name?: string;
  readonly body?: string;
  readonly flowElements?: readonly Element[];
  readonly attachedToRef?: Element;
  readonly sourceRef?: Element;
  readonly targetRef?: Element;
  readonly extensionElements?: { readonly values: readonly Extension[] };
}

/** An element of the zeebe namespace with its attributes. */
export interface Extension {
  readonly $type: string;
  readonly [attribute: string]: unknown;
}

interface Drawn {
  readonly $type: string;
  readonly bpmnElement?: Element;
  readonly bounds?: Bounds;
  readonly waypoint?: readonly Point[];
  readonly label?: { readonly bounds?: Bounds };
}

interface Definitions {
  readonly rootElements: readonly Element[];
  readonly diagrams: readonly { readonly plane: { readonly planeElement?: readonly Drawn[] } }[];
}

/** The text of one of the project's diagrams. */
export const diagramText = (processId: string): Promise<string> =>
  readFile(new URL(`${processId}.bpmn`, processesFolder), 'utf8');

/** Every flow element of a BPMN text, those in sub-processes included, with what the parser complained of. */
export async function parseElements(xml: string): Promise<{ elements: Element[]; definitions: Definitions; warnings: string[] }> {
  const parsed: unknown = await new BpmnModdle({ zeebe }).fromXML(xml);
  const { rootElement: definitions, warnings } = parsed as { rootElement: Definitions; warnings: readonly { message: string }[] };
  const elements: Element[] = [];
  const collect = (container: Element): void => {
    for (const element of container.flowElements ?? []) {
      elements.push(element);
      collect(element);
    }
  };
  definitions.rootElements.forEach(collect);
  return { elements, definitions, warnings: warnings.map((warning) => warning.message) };
}

/** Reads what a modeler would draw: BPMN DI joined with the elements it is about. */
export async function readDiagram(xml: string): Promise<Diagram> {
  const { elements, definitions, warnings } = await parseElements(xml);
  const faults = [...warnings];
  const drawn = new Map<string, Drawn>();
  for (const di of definitions.diagrams.flatMap(({ plane }) => plane.planeElement ?? [])) {
    const id = di.bpmnElement?.id;
    if (id === undefined) faults.push(`a ${di.$type} belongs to no element`);
    else if (drawn.has(id)) faults.push(`${id} is drawn twice`);
    else drawn.set(id, di);
  }
  const shapes = new Map<string, Shape>();
  const edges: Edge[] = [];
  for (const element of elements) {
    const { id, $type, $parent, attachedToRef: host, sourceRef, targetRef } = element;
    const { bounds, waypoint = [], label } = drawn.get(id) ?? {};
    const type = $type.slice($type.indexOf(':') + 1);
    const labelled = label?.bounds && { label: label.bounds };
    if (sourceRef && targetRef) {
      if (waypoint.length < 2) faults.push(`flow ${id} has no edge`);
      else edges.push({ id, source: sourceRef.id, target: targetRef.id, waypoints: waypoint, ...labelled });
    } else if (!bounds) {
      faults.push(`${id} has no shape`);
    } else {
      const scope = $parent?.$type === 'bpmn:SubProcess' ? { scope: $parent.id } : {};
      shapes.set(id, { id, type, bounds, ...scope, ...(host && { host: host.id }), ...labelled });
    }
  }
  return { faults, shapes, edges };
}
