import { readFile } from 'node:fs/promises';
import { BpmnModdle } from 'bpmn-moddle';
import { readDrawing, type Drawing } from '../../src/engine/lint/drawing.ts';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' };

/** Where the diagrams, decision tables and schemas lie. */
export const processesFolder = new URL('../../processes/', import.meta.url);

export type { Bounds, Edge, Point, Shape } from '../../src/engine/lint/drawing.ts';

export interface Diagram extends Drawing {
  /** What the parser complained of, and elements without a place on the canvas. */
  readonly faults: readonly string[];
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

interface Definitions {
  readonly rootElements: readonly Element[];
  readonly diagrams: readonly {
    readonly plane: { readonly planeElement?: readonly { readonly $type: string; readonly bpmnElement?: Element }[] };
  }[];
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

/** Reads what a modeler would draw, with what the parser complained of and what is drawn for no element. */
export async function readDiagram(xml: string): Promise<Diagram> {
  const { elements, definitions, warnings } = await parseElements(xml);
  const drawing = readDrawing(definitions);
  const types = new Map(elements.map((element) => [element.id, element.$type]));
  const astray = definitions.diagrams
    .flatMap(({ plane }) => plane.planeElement ?? [])
    .filter(({ bpmnElement }) => bpmnElement === undefined);
  const faults = [
    ...warnings,
    ...astray.map(({ $type }) => `a ${$type} belongs to no element`),
    ...drawing.doubled.map((id) => `${id} is drawn twice`),
    ...drawing.undrawn.map((id) => (types.get(id) === 'bpmn:SequenceFlow' ? `flow ${id} has no edge` : `${id} has no shape`)),
  ];
  return { ...drawing, faults };
}
