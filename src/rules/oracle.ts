import type { JsonObject } from '../support/json.ts';
import { evaluateDecision, unknownDecision, type DecisionResult } from './decision.ts';
import type { DecisionModel } from './decision-model.ts';
import { EvaluationFailed } from './evaluation-failed.ts';
import { evaluateExpression, type Evaluation } from './feel.ts';

/** Answers what a step of the engine asks: expressions and deployed decisions, all at one instant. Pure: the same question, the same answer. */
export interface RulesOracle {
  /** @throws EvaluationFailed that names `elementId` */
  evaluate(expression: string, variables: JsonObject, elementId: string): Evaluation;
  /** @throws EvaluationFailed that names `elementId` */
  decide(decisionId: string, variables: JsonObject, elementId: string): DecisionResult;
}

/**
 * The oracle of one step.
 * @param decisions the DMN files deployed with the diagram; of two decisions with one id the first counts
 * @param now the step's instant, by the database's clock
 */
export function createOracle({
  decisions,
  now,
}: {
  readonly decisions: readonly DecisionModel[];
  readonly now: Date;
}): RulesOracle {
  return {
    evaluate: (expression, variables, elementId) => at(elementId, () => evaluateExpression(expression, variables, now)),
    decide: (decisionId, variables, elementId) =>
      at(elementId, () => {
        const model = decisions.find((each) => each.decisionIds.includes(decisionId));
        if (!model)
          throw unknownDecision(
            decisionId,
            decisions.flatMap((each) => each.decisionIds),
          );
        return evaluateDecision(model, decisionId, variables, now);
      }),
  };
}

function at<T>(elementId: string, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    throw error instanceof EvaluationFailed ? error.at(elementId) : error;
  }
}
