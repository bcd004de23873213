import type { Json, JsonObject } from '../support/json.ts';
import { messageOf } from '../support/errors.ts';
import { StepFailed } from './errors.ts';
import { feelText, isFeel, type TextOrFeel } from './feel-text.ts';
import type { Asked, Oracle } from './types.ts';

/** Asks the oracle and keeps what was asked. The values it gets back are data: they are never looked into for more expressions. */
export class Asking {
  readonly asked: Asked[] = [];

  constructor(private readonly oracle: Oracle) {}

  /** Value of an attribute: the text itself, or what its expression gives. Throws StepFailed naming the element. */
  value(text: TextOrFeel, variables: JsonObject, elementId: string): Json {
    if (!isFeel(text)) return text;
    const question = feelText(text);
    const { value, inputs } = attempt(elementId, `the expression ${question}`, () =>
      this.oracle.evaluate(question, variables, elementId),
    );
    this.asked.push({ elementId, kind: 'expression', question, inputs, outcome: value });
    return value;
  }

  /** As `value`, where only a text makes sense. */
  text(text: TextOrFeel, variables: JsonObject, elementId: string, what: string): string {
    const value = this.value(text, variables, elementId);
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
    throw new StepFailed(elementId, `${what} must be a text, but ${text} gives ${JSON.stringify(value)}`);
  }

  truth(text: TextOrFeel, variables: JsonObject, elementId: string): boolean {
    const value = this.value(text, variables, elementId);
    if (typeof value === 'boolean') return value;
    throw new StepFailed(elementId, `the condition ${text} must give true or false, but gives ${JSON.stringify(value)}`);
  }

  decision(decisionId: string, variables: JsonObject, elementId: string): Json {
    const answer = attempt(elementId, `the decision ${decisionId}`, () => this.oracle.decide(decisionId, variables, elementId));
    const { value, inputs, matchedRules } = answer;
    this.asked.push({ elementId, kind: 'decision', question: decisionId, inputs, outcome: value, matchedRules });
    return value;
  }
}

function attempt<T>(elementId: string, what: string, ask: () => T): T {
  try {
    return ask();
  } catch (cause) {
    throw new StepFailed(elementId, `${what} cannot be answered: ${messageOf(cause)}`, { cause });
  }
}
