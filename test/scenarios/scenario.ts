import type { Stage } from './stage.ts';

interface Described {
  readonly number: string;
  readonly title: string;
  /** The states that its orders go through, an order each: `OPEN>RESERVING>CLEARED`. */
  readonly paths: readonly string[];
}

/** Plays on a service that it shares with others; answers the paths that it saw. @throws whatever is wrong on the way */
interface OnStage extends Described {
  /** Moves the clock, or changes what others rely on: it plays where nobody else is at the same time. */
  readonly apart?: true;
  play(stage: Stage): Promise<readonly string[]>;
}

/** Kills or fills what others would need, so it brings its own. */
interface Alone extends Described {
  readonly apart?: never;
  playAlone(): Promise<readonly string[]>;
}

/** A scenario of docs/domain.md, by its number there. */
export type Scenario = OnStage | Alone;
