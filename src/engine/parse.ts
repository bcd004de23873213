import { BpmnModdle } from 'bpmn-moddle';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' };
import { messageOf } from '../support/errors.ts';
import { elementOverrides } from './elements.ts';
import { DefinitionRefused } from './errors.ts';
import { serialise, type SerialElements } from './facade.ts';
import { lintDialect } from './lint/dialect.ts';
import { readDrawing, type Drawing } from './lint/drawing.ts';
import { finding, typeName } from './lint/finding.ts';
import { elementsOf, idOf, type ParsedElement } from './lint/parsed.ts';
import { lintText } from './lint/text.ts';
import type { Finding } from './types.ts';

/** One reading of a diagram: what the linter judges and what the engine executes are made from it. */
export interface ParsedDiagram {
  /** Id of the file's root element; null when it has none. */
  readonly id: string | null;
  /** What was left out. */
  readonly findings: readonly Finding[];
  readonly serial: SerialElements;
  readonly drawing: Drawing;
}

interface Root extends ParsedElement {
  rootElements?: readonly ParsedElement[];
}

/**
 * Reads BPMN 2.0 XML with Camunda 8 extensions. Text that could do harm is refused before it is parsed, and every part that was not understood is
 * a finding: it would run differently from what is drawn.
 * @throws DefinitionRefused
 */
export async function parseDiagram(xml: string): Promise<ParsedDiagram> {
  refuseIfAny(lintText(xml));
  const moddle = new BpmnModdle({ zeebe });
  const parsed = (await moddle.fromXML(xml).catch((error: unknown) => {
    throw new DefinitionRefused([xmlFinding(null, 'The file is not a BPMN diagram', messageOf(error))]);
  })) as { rootElement?: Root; warnings?: readonly { message: string; element?: { id?: string } }[] };
  const root = parsed.rootElement ?? { $type: '' };
  refuseIfAny(lintDialect(root));
  const warnings = (parsed.warnings ?? []).filter(({ message }) => !aboutEncoding.test(message));
  refuseIfAny(
    warnings.map(({ message, element }) => {
      const named = /<([\w.-]+)>/.exec(message)?.[1] ?? null;
      return xmlFinding(element?.id ?? named, 'A part of the diagram cannot be read', message);
    }),
  );
  const drawing = readDrawing(root);
  const unread = withoutGlobals(root);
  return { id: root.id ?? null, findings: unread, serial: serialiseOrRefuse(parsed, root), drawing };
}

/** Takes tasks out that stand beside the processes, which the engine cannot read, and tells of them. */
function withoutGlobals(root: Root): readonly Finding[] {
  const isGlobal = ({ $type }: ParsedElement): boolean => /^bpmn:Global\w*Task$/.test($type);
  const globals = (root.rootElements ?? []).filter(isGlobal);
  root.rootElements = (root.rootElements ?? []).filter((element) => !isGlobal(element));
  return globals.map((element) =>
    finding(
      idOf(element),
      'not-supported',
      `A ${typeName(element.$type)} is not run. Put the task into the process, or into a process of its own.`,
    ),
  );
}

/** A text is text: whoever read the bytes has seen to the encoding. */
const aboutEncoding = /^unsupported document encoding/;

const xmlFinding = (elementId: string | null, what: string, why: string): Finding =>
  finding(elementId, 'xml', `${what} (${firstLine(why)}). Correct it in the modeler and save it again.`);

function serialiseOrRefuse(moddle: object, root: Root): SerialElements {
  try {
    return serialise(moddle, elementOverrides);
  } catch (error) {
    const [, type] = /^Unknown activity type (bpmn:\w+)/.exec(messageOf(error)) ?? [];
    refuseIfAny(
      [...elementsOf(root)]
        .filter(({ $type }) => $type === type)
        .map((element) => finding(idOf(element), 'not-supported', `A ${typeName(element.$type)} is not run. Remove it.`)),
    );
    throw new DefinitionRefused([xmlFinding(null, 'The diagram is incomplete', messageOf(error))]);
  }
}

const firstLine = (text: string): string => text.split('\n')[0]?.trim() ?? '';

function refuseIfAny(findings: readonly Finding[]): void {
  if (findings.length > 0) throw new DefinitionRefused(findings);
}
