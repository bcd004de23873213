import type { Finding } from './types.ts';

/** The diagram is not accepted; `findings` names every fault, not only the first. */
export class DefinitionRefused extends Error {
  override readonly name = 'DefinitionRefused';
  constructor(readonly findings: readonly Finding[]) {
    const first = findings[0];
    const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
    super(
      `The diagram is refused: ${first ? `${first.elementId ? `${first.elementId}: ` : ''}${first.message}` : 'no reason given'}${more}`,
    );
  }
}

/** The command names a slot that is not open, or that waits for something else; `open` says what is open. */
export class NothingWaits extends Error {
  override readonly name = 'NothingWaits';
  constructor(
    readonly slot: string,
    readonly open: readonly string[],
    reason = `Nothing waits at ${slot}`,
  ) {
    super(`${reason}. Open now: ${open.length ? open.join(', ') : 'nothing'}.`);
  }
}

/** The step cannot be taken. Nothing was saved: the instance is where it was, and the same command may be given again after the fix. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  constructor(
    readonly elementId: string | null,
    message: string,
    options: ErrorOptions & { readonly code?: string } = {},
  ) {
    super(elementId ? `${elementId}: ${message}` : message, options);
    this.code = options.code;
  }
  /** Code of the BPMN error that no boundary event catches. */
  readonly code: string | undefined;
}

/** The stored state is of another format or does not fit the definition. It is never guessed at. */
export class StateFormatUnknown extends Error {
  override readonly name = 'StateFormatUnknown';
}
