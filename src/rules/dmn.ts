import {
  DmnModdle,
  type DmnDecision,
  type DmnDecisionTable,
  type DmnElement,
  type DmnInput,
  type DmnOutput,
  type DmnRule,
  type DmnText,
} from 'dmn-moddle';
import type { Finding } from '../contract/finding.ts';
import type { LintRule } from '../contract/lint-rules.ts';
import { messageOf } from '../support/errors.ts';
import { checkDecision } from './decision-check.ts';
import {
  decisionTypes,
  isDecisionType,
  type Decision,
  type DecisionModel,
  type DecisionTable,
  type DecisionType,
  type HitPolicy,
} from './decision-model.ts';
import { nearestName } from './nearest-name.ts';

/** Bytes of a DMN file. */
export const MAX_XML_BYTES = 1_000_000;
/** Rules of a table. */
export const MAX_RULES = 1000;

const ID = /^[A-Za-z_][\w.-]{0,63}$/;

/** A DMN file may not be deployed; `findings` say which elements and why. */
export class DecisionRefused extends Error {
  override readonly name = 'DecisionRefused';

  constructor(readonly findings: readonly Finding[]) {
    super(findings.map(({ elementId, message }) => (elementId ? `${elementId}: ${message}` : message)).join('\n'));
  }
}

/**
 * Reads the decision tables and literal expressions of a DMN 1.3 file and checks every cell.
 * @throws DecisionRefused with all findings: XML that is not DMN or carries a DOCTYPE, more than 1 MB, hit policies other than UNIQUE and
 *   FIRST, other decision logic, decisions that need decisions, wrong FEEL, types and values that contradict their column
 */
export async function parseDecisions(xml: string): Promise<DecisionModel> {
  const definitions = await readXml(xml);
  const findings: Finding[] = [];
  const elements = (definitions.drgElement ?? []).filter(({ $type }) => $type === 'dmn:Decision') as DmnDecision[];
  if (elements.length === 0)
    findings.push({ elementId: definitions.id ?? null, rule: 'decision-missing', message: 'The file has no decision.' });
  const decisions = elements.flatMap((element) => decisionOf(element, findings) ?? []);
  if (findings.length === 0) findings.push(...decisions.flatMap(checkDecision));
  if (findings.length > 0) throw new DecisionRefused(findings);
  return { id: definitions.id ?? '', decisions, decisionIds: decisions.map(({ id }) => id) };
}

async function readXml(xml: string): Promise<DmnElement & { drgElement?: readonly DmnElement[] }> {
  const refuse = (rule: LintRule, message: string): never => {
    throw new DecisionRefused([{ elementId: null, rule, message }]);
  };
  const bytes = new TextEncoder().encode(xml).length;
  if (bytes > MAX_XML_BYTES) refuse('size', `The file has ${bytes} bytes; at most ${MAX_XML_BYTES} are allowed.`);
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) refuse('doctype', 'The file has a DOCTYPE or ENTITY declaration: remove it.');
  const { rootElement, warnings } = await DmnModdle()
    .fromXML(xml)
    .catch((error: unknown) => refuse('xml', `The file cannot be read as DMN 1.3: ${messageOf(error)}.`));
  if (warnings.length > 0) {
    throw new DecisionRefused(
      warnings.map(({ message }) => ({
        elementId: null,
        rule: 'xml' as const,
        message: `The file is not valid DMN 1.3: ${message.replace(/\s+/g, ' ')}.`,
      })),
    );
  }
  return rootElement;
}

/** Collects findings about one element. */
type Report = (elementId: string | undefined, rule: LintRule, message: string) => void;

function decisionOf(element: DmnDecision, findings: Finding[]): Decision | undefined {
  const id = element.id ?? '';
  const before = findings.length;
  const report: Report = (elementId, rule, message) =>
    void findings.push({ elementId: elementId ?? (id || null), rule, message });
  if (!ID.test(id))
    report(
      id,
      'decision-id',
      `The decision's id "${id}" must begin with a letter and have at most 64 letters, digits, "_", "." and "-".`,
    );
  const needed = element.informationRequirement?.find(({ requiredDecision }) => requiredDecision)?.requiredDecision;
  if (needed)
    report(id, 'decision-requirement', `The decision needs the decision ${needed.href}: pass its result as a variable instead.`);
  if (element.knowledgeRequirement?.length)
    report(id, 'decision-requirement', 'The decision needs a business knowledge model, which is not supported.');
  const logic = logicOf(element, report);
  return logic && findings.length === before ? { id, name: element.name ?? id, logic } : undefined;
}

function logicOf({ id, decisionLogic: logic }: DmnDecision, report: Report): Decision['logic'] | undefined {
  if (logic?.$type === 'dmn:DecisionTable') return tableOf(logic as DmnDecisionTable, report);
  if (logic?.$type === 'dmn:LiteralExpression') return { kind: 'expression', text: feel(logic, logic.id ?? id, report) };
  report(
    id,
    'decision-logic',
    `The decision has ${logic ? `a ${logic.$type.slice(4)}` : 'no logic'}: use a decision table or a literal expression.`,
  );
  return undefined;
}

function tableOf(table: DmnDecisionTable, report: Report): DecisionTable {
  const { hitPolicy, input = [], output = [], rule = [] } = table;
  if (hitPolicy !== 'UNIQUE' && hitPolicy !== 'FIRST') {
    report(table.id, 'hit-policy', `The hit policy ${hitPolicy} is not supported: use UNIQUE or FIRST.`);
  }
  if (output.length === 0) report(table.id, 'columns', 'The table has no output.');
  if (rule.length > MAX_RULES) report(table.id, 'size', `The table has ${rule.length} rules; at most ${MAX_RULES} are allowed.`);
  const names = output.map(({ name }) => name ?? '');
  if (output.length > 1 && (names.includes('') || new Set(names).size < names.length)) {
    report(table.id, 'columns', 'A table with several outputs needs a different name for each of them.');
  }
  return {
    kind: 'table',
    hitPolicy: hitPolicy as HitPolicy,
    inputs: input.map((column) => inputOf(column, report)),
    outputs: output.map((column) => outputOf(column, report)),
    rules: rule.map((row, index) => ruleOf(row, index + 1, input.length, output.length, report)),
  };
}

function inputOf(column: DmnInput, report: Report): DecisionTable['inputs'][number] {
  const expression = feel(column.inputExpression, column.id, report);
  return {
    id: column.id ?? '',
    label: column.label ?? expression,
    expression,
    type: typeOf(column.inputExpression?.typeRef, column.id, report),
    ...allowedValues(column.inputValues, column.id, report),
  };
}

function outputOf(column: DmnOutput, report: Report): DecisionTable['outputs'][number] {
  return {
    id: column.id ?? '',
    name: column.name ?? '',
    type: typeOf(column.typeRef, column.id, report),
    ...allowedValues(column.outputValues, column.id, report),
    ...(column.defaultOutputEntry ? { otherwise: feel(column.defaultOutputEntry, column.id, report) } : {}),
  };
}

function ruleOf(row: DmnRule, number: number, inputs: number, outputs: number, report: Report): DecisionTable['rules'][number] {
  const { inputEntry = [], outputEntry = [] } = row;
  if (inputEntry.length !== inputs || outputEntry.length !== outputs) {
    report(
      row.id,
      'columns',
      `Rule ${number} has ${inputEntry.length} + ${outputEntry.length} cells; the table has ${inputs} + ${outputs} columns.`,
    );
  }
  return {
    id: row.id ?? '',
    number,
    // Modelers write an empty cell for "any value".
    tests: inputEntry.map((cell) => feel(cell, cell.id ?? row.id, report) || '-'),
    conclusions: outputEntry.map((cell) => feel(cell, cell.id ?? row.id, report) || null),
  };
}

function feel(cell: DmnText | undefined, id: string | undefined, report: Report): string {
  const language = cell?.expressionLanguage;
  if (language && !/feel/i.test(language))
    report(id, 'expression-language', `The expression is in ${language}: only FEEL is supported.`);
  return cell?.text?.trim() ?? '';
}

function typeOf(typeRef: string | undefined, id: string | undefined, report: Report): DecisionType {
  if (typeRef === undefined) return 'Any';
  if (isDecisionType(typeRef)) return typeRef;
  const nearest = nearestName(typeRef, decisionTypes);
  report(
    id,
    'type-ref',
    `The type "${typeRef}" is not known${nearest ? `; the nearest is "${nearest}"` : ''}: use one of ${decisionTypes.join(', ')}.`,
  );
  return 'Any';
}

function allowedValues(values: DmnText | undefined, id: string | undefined, report: Report): { allowed?: string } {
  const text = feel(values, id, report);
  return text === '' ? {} : { allowed: text };
}
