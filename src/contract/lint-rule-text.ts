/** An error refuses the deployment; a warning is told and lets it pass. */
export type Severity = 'error' | 'warning';

export interface LintRuleText {
  readonly severity: Severity;
  /** What goes wrong when nobody repairs it. */
  readonly why: string;
  readonly fix: string;
}
