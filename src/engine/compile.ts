import { severityOf } from '../contract/lint-rules.ts';
import { compact } from './compact.ts';
import { DefinitionRefused } from './errors.ts';
import { expressionsOf, type ExpressionUse } from './expressions.ts';
import type { SerialElements } from './facade.ts';
import { isFeel } from './feel-text.ts';
import { lintNotExecutable } from './lint/executable.ts';
import { lintProcess } from './lint/index.ts';
import { lintLayout } from './lint/layout.ts';
import { lintLimits } from './lint/limits.ts';
import { readModel, type ElementModel, type ProcessModel } from './model.ts';
import { parseDiagram, type ParsedDiagram } from './parse.ts';
import { createProgram, type Program } from './program.ts';
import type { ElementInfo, Finding, StartTrigger } from './types.ts';

/** One executable process of a diagram, accepted by the linter. Immutable; one object serves all instances of the version. */
export interface CompiledProcess {
  readonly processId: string;
  readonly name?: string;
  readonly elements: ReadonlyMap<string, ElementInfo>;
  /** Every FEEL text of the process, for checks that need to know the variables. */
  readonly expressions: readonly ExpressionUse[];
  /** What begins an instance, in the order of the diagram. */
  readonly starts: readonly StartTrigger[];
  /** Name of the version that call activities may bind to (`zeebe:versionTag`). */
  readonly versionTag?: string;
  /** What `advance` executes. Of no use outside this folder. */
  readonly program: Program;
}

export interface CompileOptions {
  /** Says what is wrong with a FEEL text (without its `=`), or null. */
  readonly checkExpression?: (feel: string) => string | null;
  /** It was judged when it was deployed: rules that have come since do not stop instances that run. */
  readonly accepted?: boolean;
}

/** What a diagram holds, or why it is refused; warnings do not refuse. */
export interface Examined {
  readonly findings: readonly Finding[];
  /** Its executable processes; none when a finding is an error. */
  readonly processes: readonly CompiledProcess[];
}

/** Reads a diagram and tells everything that is wrong with it, warnings about its drawing included. */
export async function examine(xml: string, options: CompileOptions = {}): Promise<Examined> {
  try {
    const parsed = await parseDiagram(xml);
    const { findings, models } = judge(parsed, options);
    const isRefused = findings.some(({ rule }) => severityOf(rule) === 'error');
    const processes = isRefused ? [] : models.map((model) => compiled(parsed.serial, model));
    return { findings: [...findings, ...lintLayout(parsed.drawing)], processes };
  } catch (error) {
    if (error instanceof DefinitionRefused) return { findings: error.findings, processes: [] };
    throw error;
  }
}

/**
 * Reads a BPMN 2.0 diagram (with Camunda 8 extensions) once, and makes of that one reading what the linter judges and the engine executes.
 * Throws DefinitionRefused with every finding when any part of it would not run as drawn.
 */
export async function compile(xml: string, options: CompileOptions = {}): Promise<CompiledProcess[]> {
  const parsed = await parseDiagram(xml);
  const { findings, models } = judge(parsed, options);
  const errors = findings.filter(({ rule }) => severityOf(rule) === 'error');
  if (errors.length > 0) throw new DefinitionRefused(errors);
  return models.map((model) => compiled(parsed.serial, model));
}

/** Where nothing is executable, every process is judged all the same: the analyst is told everything at once. */
function judge(
  { id, findings: unread, serial }: ParsedDiagram,
  { checkExpression, accepted }: CompileOptions,
): { readonly findings: readonly Finding[]; readonly models: readonly ProcessModel[] } {
  const executable = serial.processes.filter(({ behaviour }) => behaviour['isExecutable'] === true);
  const judged = executable.length > 0 ? executable : serial.processes;
  const models = judged.map((process) => readModel(serial, process.id));
  if (accepted) return { findings: [], models };
  const tooLarge = lintLimits(models);
  if (tooLarge.length > 0) return { findings: tooLarge, models };
  return {
    findings: [
      ...unread,
      ...(executable.length > 0 ? [] : lintNotExecutable(id, serial.processes)),
      ...models.flatMap((model) => lintProcess(model, checkExpression)),
    ],
    models,
  };
}

const compiled = (serial: SerialElements, model: ProcessModel): CompiledProcess =>
  compact<CompiledProcess>({
    processId: model.id,
    name: model.name,
    elements: new Map([...model.elements].map(([id, element]) => [id, infoOf(element)])),
    expressions: expressionsOf(model),
    starts: startsOf(model),
    versionTag: model.versionTag,
    program: createProgram(serial, model),
  });

const startsOf = ({ id, elements }: ProcessModel): readonly StartTrigger[] =>
  [...elements.values()]
    .filter(({ type, scope }) => type === 'bpmn:StartEvent' && scope === id)
    .map(({ id: elementId, event, properties }) =>
      compact<StartTrigger>({
        elementId,
        kind: (event?.kind ?? 'none') as StartTrigger['kind'],
        name: event?.name,
        timer: event?.timer,
        properties,
      }),
    );

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
    called: calledOf(element),
    messageName,
    errorCode,
    attachedTo,
  });
}

function calledOf({ call }: ElementModel): ElementInfo['called'] {
  if (!call) return undefined;
  const { binding, versionTag } = call;
  return { binding, ...(versionTag !== undefined && !isFeel(versionTag) && { versionTag }) };
}

/** Candidate groups that stand in the diagram as a list; those that an expression gives are known only when the task opens. */
function writtenGroups({ assignment }: ElementModel): readonly string[] | undefined {
  const groups = assignment?.candidateGroups;
  return groups === undefined || isFeel(groups) ? undefined : groups.split(',').map((group) => group.trim());
}
