import type { Finding } from '../contract/finding.ts';
import type { LintRule } from '../contract/lint-rules.ts';
import { messageOf } from '../support/errors.ts';
import { checked } from './decision.ts';
import type { Decision, DecisionTable, OutputColumn } from './decision-model.ts';
import { FeelFault } from './evaluation-failed.ts';
import { compiledExpression, scopeOf } from './feel-cache.ts';
import { checkExpression, checkUnaryTests } from './feel.ts';

/** What is wrong with the FEEL of a decision, and which constant outputs contradict the type or the allowed values of their column. */
export function checkDecision({ id, logic }: Decision): readonly Finding[] {
  if (logic.kind === 'expression') return finding(id, 'feel', 'The expression', checkExpression(logic.text));
  return [...checkColumns(logic), ...checkRules(logic)];
}

function checkColumns({ inputs, outputs }: DecisionTable): Finding[] {
  return [
    ...inputs.flatMap(({ id, label, expression }) =>
      finding(id, 'feel', `The expression of input ${label || id}`, checkExpression(expression)),
    ),
    ...[...inputs, ...outputs].flatMap(({ id, allowed }) =>
      allowed === undefined ? [] : finding(id, 'feel', `The list of allowed values "${allowed}"`, checkUnaryTests(allowed)),
    ),
    ...outputs.flatMap((column) =>
      column.otherwise === undefined ? [] : checkOutput(column, column.otherwise, column.id, 'The default output'),
    ),
  ];
}

function checkRules({ inputs, outputs, rules }: DecisionTable): Finding[] {
  return rules.flatMap(({ id, number, tests, conclusions }) => [
    ...tests.flatMap((text, index) =>
      finding(id, 'feel', `Rule ${number}, input ${inputs[index]?.label}: "${text}"`, checkUnaryTests(text)),
    ),
    ...conclusions.flatMap((text, index) =>
      text === null
        ? []
        : checkOutput(outputs[index]!, text, id, `Rule ${number}, output ${outputs[index]?.name || index + 1}: "${text}"`),
    ),
  ]);
}

function checkOutput(column: OutputColumn, text: string, elementId: string, place: string): Finding[] {
  const fault = checkExpression(text);
  if (fault !== null) return finding(elementId, 'feel', place, fault);
  const { names, run } = compiledExpression(text);
  if (names.required.length + names.optional.length > 0) return [];
  const scope = scopeOf({}, new Date(0));
  try {
    checked(column, run(scope), scope);
    return [];
  } catch (error) {
    if (!(error instanceof FeelFault)) throw error;
    return finding(elementId, 'output-value', place, messageOf(error));
  }
}

const finding = (elementId: string, rule: LintRule, place: string, fault: string | null): Finding[] =>
  fault === null ? [] : [{ elementId, rule, message: `${place} ${fault}.` }];
