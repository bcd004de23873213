import { readdirSync, readFileSync } from 'node:fs';
import type { EngineCommand, Locals } from '../../../src/engine/index.ts';
import type { Json, JsonObject } from '../../../src/support/json.ts';

/** An instance as some version of the engine stored it, what happens to it next, and where it must be then. */
export interface RecordedState {
  readonly engine: string;
  readonly format: number;
  readonly about: string;
  readonly source: string;
  readonly state: string;
  readonly variables: JsonObject;
  /** From format 2 on. */
  readonly locals?: Locals;
  /** Result of every decision, by its id. */
  readonly decisions: Readonly<Record<string, Json>>;
  readonly open: readonly string[];
  readonly command: EngineCommand;
  readonly after: {
    readonly status: string;
    readonly state: string | null;
    readonly variables: JsonObject;
    readonly locals?: Locals;
    readonly open: readonly string[];
    readonly entered: readonly string[];
  };
}

export const folder = new URL('./recorded/', import.meta.url);

export const readRecorded = (): readonly (readonly [string, RecordedState])[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => [name, JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as RecordedState]);
