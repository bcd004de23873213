import type { StoryLine } from './story.ts';

/** One place where a check does not hold. */
export interface AuditFinding {
  readonly check: string;
  readonly instanceId: string | null;
  /** The order's number, or what else it is about. */
  readonly subject: string;
  /** What is wrong, with figures. */
  readonly what: string;
  /** The last things that happened to the instance, oldest first. */
  readonly story: readonly StoryLine[];
}

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly findings: readonly AuditFinding[];
  readonly milliseconds: number;
}

export interface AuditReport {
  /** The database's instant that the audit is about. */
  readonly at: Date;
  readonly checks: readonly CheckResult[];
  /** Findings of all checks. */
  readonly findings: number;
}
