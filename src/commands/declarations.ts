import type { FileFinding, Finding } from '../contract/finding.ts';
import type { CompiledProcess } from '../engine/index.ts';
import type { JsonObject } from '../support/json.ts';
import type { Resources } from './bundle-files.ts';

/** A process that may be deployed, without what executes it. It is plain data: it comes out of a worker thread. */
export interface LintedProcess {
  readonly resourceName: string;
  readonly process: Omit<CompiledProcess, 'program'>;
}

/** Everything that the files of a deployment declare, as plain data. */
export interface Declarations {
  readonly processes: readonly LintedProcess[];
  readonly decisions: readonly { readonly resourceName: string; readonly decisionId: string; readonly name: string }[];
  /** Job type -> names of its results. */
  readonly jobs: ReadonlyMap<string, readonly string[]>;
  /** Form id -> names of its results. */
  readonly forms: ReadonlyMap<string, readonly string[]>;
  readonly variables: ReadonlyMap<string, JsonObject>;
}

export interface LintedBundle extends Declarations {
  /** What is wrong, file by file; warnings let the deployment pass. */
  readonly findings: readonly FileFinding[];
}

/** Judges the files of one deployment. */
export type LintBundle = (resources: Resources) => Promise<LintedBundle>;

/** A finding that knows its file. */
export interface FoundIn extends Finding {
  readonly file: string;
}
