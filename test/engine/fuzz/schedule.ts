import {
  advance,
  advanceAgain,
  type Advance,
  type CompiledProcess,
  type EngineCommand,
  type Wait,
} from '../../../src/engine/index.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { testOracle } from '../../helpers/oracle.ts';
import { flags } from './diagram.ts';
import type { Random } from './random.ts';

const oracle = testOracle();
const now = new Date('2026-01-01T00:00:00Z');

export interface Life {
  readonly commands: readonly EngineCommand[];
  /** State after each command; the last is null. */
  readonly states: readonly (string | null)[];
  readonly ends: number;
}

/** What a store keeps between two steps, as text: nothing of one step's objects reaches the next. */
interface Stored {
  readonly state: string;
  readonly variables: JsonObject;
  readonly waits: readonly Wait[];
}

/**
 * Drives one instance from start to end with random commands, each on a state read back from its JSON text. Throws when the instance hangs,
 * ends more or less than once, when repeating a command on the same stored state (a crash before the commit) gives another answer,
 * or when its step `replayed` from an earlier life does.
 */
export async function live(process: CompiledProcess, random: Random, { maximum = 400, replayed = false } = {}): Promise<Life> {
  const chosen = Object.fromEntries(flags.map((flag) => [flag, random.chance(0.5)]));
  const variables: JsonObject = { ...chosen, none: [], one: [1], three: [1, 2, 3], again: false };
  const commands: EngineCommand[] = [];
  const states: (string | null)[] = [];
  let stored: string | null = null;
  let ends = 0;
  while (commands.length < maximum) {
    const before = stored === null ? null : (JSON.parse(stored) as Stored);
    const command: EngineCommand = before ? randomCommand(process, before.waits, random) : { type: 'start', variables };
    const result = await advance(process, before, command, oracle, now);
    if (random.chance(0.1)) await sameAgain(process, before, command, result);
    if (replayed) await sameReplayed(process, before, command, result);
    commands.push(command);
    states.push(result.state);
    ends += result.trail.filter(({ event, elementId }) => event === 'enter' && elementId === 'Z').length;
    const waits = openAfter(before?.waits ?? [], result);
    if (result.status === 'completed') break;
    stored = JSON.stringify({ state: result.state, variables: result.variables, waits } satisfies Omit<Stored, 'state'> & {
      state: string | null;
    });
  }
  if (states.at(-1) !== null) throw new Error(`does not end within ${maximum} commands`);
  if (ends !== 1) throw new Error(`the end event is entered ${ends} times`);
  return { commands, states, ends };
}

/** The wait rows after a step, kept as a service keeps them; they must be what the engine says is open. */
function openAfter(before: readonly Wait[], { closed, opened, open }: Advance): readonly Wait[] {
  const rows = before.filter(({ slot }) => !closed.some((wait) => wait.slot === slot)).concat(opened);
  const slots = rows.map(({ slot }) => slot).sort();
  if (JSON.stringify(slots) !== JSON.stringify(open)) throw new Error(`rows ${slots.join(' ')} but open ${open.join(' ')}`);
  if (new Set(slots).size !== slots.length) throw new Error(`two waits share a slot: ${slots.join(' ')}`);
  return rows;
}

function randomCommand(process: CompiledProcess, waits: readonly Wait[], random: Random): EngineCommand {
  const { slot, kind, elementId } = random.pick(waits);
  const variables = { again: random.chance(0.3) };
  if (kind === 'timer') return { type: 'timer', slot };
  if (kind === 'message' || kind === 'signal') return { type: kind, slot, variables };
  if (kind === 'job' && catches(process, elementId) && random.chance(0.3))
    return { type: 'error', slot, code: 'E1', message: 'random', variables };
  return { type: 'complete', slot, variables };
}

/** Whether a boundary event on the element, or on a sub-process around it, catches the error of the random diagrams. */
function catches({ elements }: CompiledProcess, elementId: string): boolean {
  for (let at = elements.get(elementId); at; at = elements.get(at.scope)) {
    const host = at.id;
    if ([...elements.values()].some(({ attachedTo, errorCode }) => attachedTo === host && errorCode === 'E1')) return true;
  }
  return false;
}

async function sameAgain(process: CompiledProcess, before: Stored | null, command: EngineCommand, first: Advance): Promise<void> {
  const again = await advance(process, before, command, oracle, now);
  if (JSON.stringify(again) !== JSON.stringify(first))
    throw new Error(`the same step twice gives two answers: ${JSON.stringify(command)}`);
}

/** A step that is replayed for another instance must be the step that the engine would have taken for it. */
async function sameReplayed(
  process: CompiledProcess,
  before: Stored | null,
  command: EngineCommand,
  first: Advance,
): Promise<void> {
  const replayed = await advanceAgain(process, before, command, oracle, now);
  if (JSON.stringify(replayed) !== JSON.stringify(first))
    throw new Error(`a replayed step differs from the engine's: ${JSON.stringify(command)}`);
}
