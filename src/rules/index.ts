/** The rules layer: FEEL, decision tables, schemas of variables. Pure, browser-safe; the clock is an argument. */
export { evaluateDecision, type DecisionResult } from './decision.ts';
export type { Decision, DecisionModel, DecisionTable, LiteralExpression } from './decision-model.ts';
export { DecisionRefused, parseDecisions } from './dmn.ts';
export { EvaluationFailed } from './evaluation-failed.ts';
export { checkExpression, checkUnaryTests, evaluateExpression, evaluateUnaryTests, namesOf, type Evaluation } from './feel.ts';
export { createOracle, type RulesOracle } from './oracle.ts';
export {
  compileSchema,
  declaredPaths,
  initialVariables,
  schemaFault,
  undeclaredNames,
  type SchemaCheck,
  type SchemaError,
} from './schema.ts';
export { tableFindings } from './table-findings.ts';
export { nearestName } from './nearest-name.ts';
