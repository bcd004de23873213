/**
 * An expression or a decision has no value for the variables it was given: a missing name, a type that does not fit, no matching rule, too much
 * work. The message says what was wrong, what is true now and what to do; the step that asked is not saved and becomes an incident.
 */
export class EvaluationFailed extends Error {
  override readonly name = 'EvaluationFailed';

  constructor(
    message: string,
    /** FEEL text without the leading `=`, or the decision's id. */
    readonly expression: string,
    /** Id of the BPMN element that asked, when known. */
    readonly elementId?: string,
  ) {
    super(message);
  }

  /** The same failure, told of the element that asked. */
  at(elementId: string): EvaluationFailed {
    return new EvaluationFailed(`${elementId}: ${this.message}`, this.expression, elementId);
  }
}

/** A complaint about a piece of FEEL from where its whole text is not known; feel.ts turns it into an EvaluationFailed or a refusal. */
export class FeelFault extends Error {
  override readonly name = 'FeelFault';
}
