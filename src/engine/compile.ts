import { BpmnModdle } from 'bpmn-moddle';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' };
import { isFeel } from './feel-text.ts';
import { compact } from './compact.ts';
import { elementOverrides } from './elements.ts';
import { DefinitionRefused } from './errors.ts';
import { expressionsOf, type ExpressionUse } from './expressions.ts';
import { serialise, type SerialElements } from './facade.ts';
import { lintProcess } from './lint/index.ts';
import { lintText } from './lint/text.ts';
import { messageOf } from '../support/errors.ts';
import { readModel, type ElementModel } from './model.ts';
import { createProgram, type Program } from './program.ts';
import type { ElementInfo, Finding } from './types.ts';

/** One executable process of a diagram, accepted by the linter. Immutable; one object serves all instances of the version. */
export interface CompiledProcess {
  readonly processId: string;
  readonly name?: string;
  readonly elements: ReadonlyMap<string, ElementInfo>;
  /** Every FEEL text of the process, for checks that need to know the variables. */
  readonly expressions: readonly ExpressionUse[];
  /** What `advance` executes. Of no use outside this folder. */
  readonly program: Program;
}

export interface CompileOptions {
  /** Says what is wrong with a FEEL text (without its `=`), or null. */
  readonly checkExpression?: (feel: string) => string | null;
}

/**
 * Reads a BPMN 2.0 diagram (with Camunda 8 extensions) once, and makes of that one reading what the linter judges and the engine executes.
 * Throws DefinitionRefused with every finding when any part of it would not run as drawn.
 */
export async function compile(xml: string, options: CompileOptions = {}): Promise<CompiledProcess[]> {
  refuseIfAny(lintText(xml));
  const moddle = await parse(xml);
  const serial = serialiseOrRefuse(moddle);
  const executable = serial.processes.filter(({ behaviour }) => behaviour['isExecutable'] === true);
  if (executable.length === 0) {
    refuseIfAny([
      {
        elementId: null,
        rule: 'executable-process',
        message: 'No process of the diagram is executable. Set "Executable" in the properties of the process.',
      },
    ]);
  }
  const models = executable.map(({ id }) => readModel(serial, id));
  refuseIfAny(models.flatMap((model) => lintProcess(model, options.checkExpression)));
  return models.map((model) =>
    compact<CompiledProcess>({
      processId: model.id,
      name: model.name,
      elements: new Map([...model.elements].map(([id, element]) => [id, infoOf(element)])),
      expressions: expressionsOf(model),
      program: createProgram(serial, model),
    }),
  );
}

async function parse(xml: string): Promise<object> {
  const moddle = new BpmnModdle({ zeebe });
  const parsed = await moddle.fromXML(xml).catch((error: unknown) => {
    throw new DefinitionRefused([xmlFinding(null, 'The file is not a BPMN diagram', messageOf(error))]);
  });
  const { warnings = [] } = parsed as { warnings?: readonly { message: string; element?: { id?: string } }[] };
  // a warning means that a part of the diagram was left out: it would run differently from what is drawn
  refuseIfAny(
    warnings.map(({ message, element }) => {
      const named = /<([\w.-]+)>/.exec(message)?.[1] ?? null;
      return xmlFinding(element?.id ?? named, 'A part of the diagram cannot be read', message);
    }),
  );
  return parsed;
}

const xmlFinding = (elementId: string | null, what: string, why: string): Finding => ({
  elementId,
  rule: 'xml',
  message: `${what} (${firstLine(why)}). Correct it in the modeler and save it again.`,
});

function serialiseOrRefuse(moddle: object): SerialElements {
  try {
    return serialise(moddle, elementOverrides);
  } catch (error) {
    throw new DefinitionRefused([xmlFinding(null, 'The diagram is incomplete', messageOf(error))]);
  }
}

const firstLine = (text: string): string => text.split('\n')[0]?.trim() ?? '';

function refuseIfAny(findings: readonly Finding[]): void {
  if (findings.length > 0) throw new DefinitionRefused(findings);
}

function infoOf(element: ElementModel): ElementInfo {
  const { id, type, name, scope, properties, jobType, formId, decisionId, calledProcessId, messageName, errorCode, attachedTo } =
    element;
  return compact<ElementInfo>({
    id,
    type,
    name,
    scope,
    properties,
    jobType,
    candidateGroups: writtenGroups(element),
    formId,
    decisionId,
    calledProcessId,
    messageName,
    errorCode,
    attachedTo,
  });
}

/** Candidate groups that stand in the diagram as a list; those that an expression gives are known only when the task opens. */
function writtenGroups({ assignment }: ElementModel): readonly string[] | undefined {
  const groups = assignment?.candidateGroups;
  return groups === undefined || isFeel(groups) ? undefined : groups.split(',').map((group) => group.trim());
}
