import type { JsonObject } from '../../support/json.ts';
import type { CompiledProcess } from '../compile.ts';
import type { Asked, Wait, WaitKind } from '../types.ts';

/** Ids of elements of the version that instances come from -> ids of the version that they go to. */
export type ElementMapping = Readonly<Record<string, string>>;

/** Where the elements of one version of a process are in another one. Made by `planMigration`; serves every instance. */
export interface MigrationPlan {
  readonly from: CompiledProcess;
  readonly to: CompiledProcess;
  /** Every element that has a counterpart: by the mapping that was asked for, else by its id. */
  readonly mapping: ElementMapping;
  /** Which of these were asked for; what happens to a token there was wanted. */
  readonly asked: ReadonlySet<string>;
  /** Elements without a counterpart. An instance with a token there is refused. */
  readonly removed: readonly string[];
  /** Elements that are no counterpart of any. */
  readonly added: readonly string[];
  /** Which added element a removed one has probably become. Nothing is done about it unless it is asked for. */
  readonly suggestions: readonly Suggestion[];
}

export interface Suggestion {
  readonly from: string;
  readonly to: string;
  /** What the two have in common. */
  readonly because: string;
}

/** One thing that keeps an instance from being migrated. */
export interface Obstacle {
  readonly rule:
    | 'element-removed'
    | 'scope-changed'
    | 'kind-changed'
    | 'loop-changed'
    | 'workflow-state-changed'
    | 'two-tokens-on-one'
    | 'join-flow-gone'
    | 'join-never-complete'
    | 'join-gone'
    | 'expression-failed'
    | 'would-move'
    | 'cannot-be-restored';
  /** Element of the version that the instance comes from, if it is about one. */
  readonly elementId: string | null;
  /** For an operator: what is so, and what to do. */
  readonly message: string;
}

/** What a wait that goes on becomes. What a member leaves out stays as the wait has it. */
export interface KeptWait {
  /** The slot that it has now. */
  readonly slot: string;
  readonly kind: WaitKind;
  readonly to: {
    readonly slot: string;
    readonly elementId: string;
    readonly elementName: string | null;
    readonly properties: Readonly<Record<string, string>>;
    readonly candidateGroups?: readonly string[];
    readonly formId?: string | null;
    readonly message?: { readonly name: string; readonly correlationKey: string };
    readonly signal?: { readonly name: string };
    /** ISO 8601; only when due dates were asked to be computed anew. */
    readonly dueAt?: string;
    readonly interval?: string;
  };
}

/** A token that goes on under another id. */
export interface MovedToken {
  readonly from: string;
  readonly to: string;
}

/** An instance in the version that it goes to. Nothing has happened yet. */
export interface MigratedStanding {
  readonly state: string;
  readonly locals: Readonly<Record<string, JsonObject>>;
  readonly kept: readonly KeptWait[];
  /** Waits to be opened: boundary events that its elements did not have, and what waits for something else now. */
  readonly opened: readonly Wait[];
  /** Slots of waits to be taken away. */
  readonly closed: readonly string[];
  readonly moved: readonly MovedToken[];
  readonly asked: readonly Asked[];
}

/** What becomes of one instance, with a sentence for whoever operates it. */
export type Verdict =
  | { readonly verdict: 'migrates'; readonly sentence: string; readonly migrated: MigratedStanding }
  | { readonly verdict: 'refused'; readonly sentence: string; readonly obstacles: readonly Obstacle[] };
