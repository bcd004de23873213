import type { ElementModel, ProcessModel } from '../model.ts';
import type { WaitKind } from '../types.ts';
import type { MigrationPlan, MovedToken, Obstacle } from './types.ts';

/** What a walk over the scopes of one marking collects. */
export interface Walk {
  readonly plan: MigrationPlan;
  readonly source: ProcessModel;
  readonly target: ProcessModel;
  /** The version that the instance goes to, as a person calls it: `version 4`. */
  readonly targetName: string;
  readonly obstacles: Obstacle[];
  readonly moved: MovedToken[];
  /** Waits by the slot that they have now. */
  readonly waits: MovedWait[];
  /** Slots of waits that are taken away: their boundary event, or their branch behind an event-based gateway, is gone. */
  readonly dropped: string[];
  /** Events that an element, or a scope, did not have: their waits begin with the migration. */
  readonly arming: { readonly element: ElementModel; readonly slot: string; readonly index?: number }[];
}

export interface MovedWait {
  readonly from: string;
  readonly to: string;
  readonly source: ElementModel;
  readonly target: ElementModel;
  /** What it waited for, and what it will wait for. */
  readonly was: WaitKind;
  readonly is: WaitKind;
  readonly index?: number;
}

/** One scope of the walk: where it is in both versions. */
export interface ScopeMove extends Walk {
  readonly sourceScope: string;
  readonly targetScope: string;
}
