import {
  advance,
  advanceAgain,
  type Advance,
  type CompiledProcess,
  type EngineCommand,
  type Standing,
  type Wait,
} from '../../../src/engine/index.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { testOracle } from '../../helpers/oracle.ts';
import { flags, type Graph } from './graph.ts';
import type { Random } from './random.ts';
import { TokenGame, type Move } from './token-game.ts';

const oracle = testOracle();
const now = new Date('2026-01-01T00:00:00Z');
/** Commands after which an instance is given nothing that could come again and again. */
const patience = 60;

export interface Life {
  readonly commands: readonly EngineCommand[];
  /** State after each command; the last is null. */
  readonly states: readonly (string | null)[];
  readonly ends: number;
  /** What each command gave, as text. */
  readonly log: readonly string[];
}

export interface Living {
  readonly maximum?: number;
  /** Every step is also replayed from an earlier life. */
  readonly replayed?: boolean;
  /** Every step is compared with the token game over this diagram. */
  readonly graph?: Graph;
  /** Steps are computed and thrown away now and then, as a crash before the commit does, and others too. */
  readonly crashes?: Random;
}

/** What a store keeps between two steps, as text: nothing of one step's objects reaches the next. */
interface Stored extends Standing {
  readonly waits: readonly Wait[];
}

/**
 * Drives one instance from start to end with random commands, each on a state read back from its JSON text. Throws when the instance hangs,
 * ends more than once, is not where the token game is, when a state read back and written again is another, or when a step that was thrown
 * away, repeated or replayed gives another answer.
 */
export async function live(process: CompiledProcess, random: Random, living: Living = {}): Promise<Life> {
  const { maximum = 600, replayed = false, graph, crashes } = living;
  const chosen = Object.fromEntries(flags.map((flag) => [flag, random.chance(0.6)]));
  const few = Array.from({ length: 1 + random.below(4) }, (_, index) => index);
  const variables: JsonObject = { ...chosen, none: [], one: [1], few, again: false, n: 0, last: 0 };
  const game = graph && new TokenGame(graph, chosen, { none: 0, one: 1, few: few.length });
  const commands: EngineCommand[] = [];
  const states: (string | null)[] = [];
  const log: string[] = [];
  let stored: string | null = null;
  let ends = 0;
  while (commands.length < maximum) {
    const before = stored === null ? null : (JSON.parse(stored) as Stored);
    const choice = before && { process, game, waits: before.waits, age: commands.length };
    const command: EngineCommand = choice ? randomCommand(choice, random) : { type: 'start', variables };
    if (crashes) await crash(process, before, command, choice && { ...choice, age: 0 }, crashes);
    const result = await advance(process, before, command, oracle, now);
    if (random.chance(0.1)) await sameAgain(process, before, command, result);
    if (replayed) await sameReplayed(process, before, command, result);
    if (random.chance(0.1)) await sameState(process, result);
    commands.push(command);
    states.push(result.state);
    log.push(JSON.stringify(result));
    ends += result.trail.filter(({ event, elementId }) => event === 'enter' && elementId === 'Z').length;
    const waits = openAfter(before?.waits ?? [], result);
    noStrayLocals(command, result);
    if (game) sameGame(game, command, result);
    if (result.status !== 'running') break;
    const { state, locals } = result;
    stored = JSON.stringify({ state, variables: result.variables, locals, waits });
  }
  if (states.at(-1) !== null) throw new Error(`does not end within ${maximum} commands`);
  if (ends > 1) throw new Error(`the end event is entered ${ends} times`);
  return { commands, states, ends, log };
}

/** The wait rows after a step, kept as a service keeps them; they must be what the engine says is open. */
function openAfter(before: readonly Wait[], { closed, opened, open }: Advance): readonly Wait[] {
  const rows = before.filter(({ slot }) => !closed.some((wait) => wait.slot === slot)).concat(opened);
  const slots = rows.map(({ slot }) => slot).sort();
  if (JSON.stringify(slots) !== JSON.stringify(open)) throw new Error(`rows ${slots.join(' ')} but open ${open.join(' ')}`);
  if (new Set(slots).size !== slots.length) throw new Error(`two waits share a slot: ${slots.join(' ')}`);
  return rows;
}

/** Local variables belong to a scope, a loop or a task that is open. */
function noStrayLocals(command: EngineCommand, { locals, open }: Advance): void {
  const around = (scope: string): boolean =>
    open.some((slot) => slot === scope || slot.startsWith(`${scope}/`) || slot.startsWith(`${scope}[`));
  const stray = Object.keys(locals).filter((key) => !around(key.replace(/#$/, '')));
  if (stray.length > 0) throw new Error(`after ${JSON.stringify(command)} local variables are left of ${stray.join(' ')}`);
}

interface Choice {
  readonly process: CompiledProcess;
  readonly game: TokenGame | undefined;
  readonly waits: readonly Wait[];
  readonly age: number;
}

function randomCommand({ process, game, waits, age }: Choice, random: Random): EngineCommand {
  // what may come again and again comes now and then; something else always waits, or the instance would have ended
  const again = ({ elementId, timer }: Wait): boolean => {
    const { type, attachedTo } = process.elements.get(elementId) ?? {};
    if (attachedTo !== undefined) return timer === undefined || age > patience;
    return timer === undefined && type === 'bpmn:StartEvent';
  };
  const once = waits.filter((wait) => !again(wait));
  const { slot, kind, elementId } = random.pick(once.length > 0 && (age > patience || random.chance(0.6)) ? once : waits);
  const variables = { again: random.chance(age > patience ? 0.05 : 0.3), n: random.below(100) };
  if (kind === 'condition') return { type: 'variables', variables: { again: random.chance(0.7) } };
  if (kind === 'timer') return { type: 'timer', slot };
  if (kind === 'message' || kind === 'signal') return { type: kind, slot, variables };
  if (kind === 'job' && random.chance(age > patience ? 0 : 0.4) && (game?.catchesError(slot) ?? catchesError(process, elementId)))
    return { type: 'error', slot, code: 'E1', message: 'random', variables };
  return { type: 'complete', slot, variables };
}

/** Whether a boundary event on the element, or on a sub-process around it, catches the error of the random diagrams. */
function catchesError({ elements }: CompiledProcess, elementId: string): boolean {
  for (let at = elements.get(elementId); at; at = elements.get(at.scope)) {
    const host = at.id;
    if ([...elements.values()].some(({ attachedTo, errorCode }) => attachedTo === host && errorCode === 'E1')) return true;
  }
  return false;
}

function sameGame(game: TokenGame, command: EngineCommand, result: Advance): void {
  const { status, open, trail } = result;
  if (command.type !== 'start') game.move(moveOf(command));
  const differ = (what: string, expected: readonly string[], actual: readonly string[]): void => {
    const [ours, theirs] = [[...expected].sort().join(' '), [...actual].sort().join(' ')];
    if (ours !== theirs) throw new Error(`after ${JSON.stringify(command)} the token game ${what} ${ours}, the engine ${theirs}`);
  };
  differ('waits at', game.open(), open);
  differ('is', [game.hasEnded ? 'completed' : 'running'], [status]);
  const entered = trail.filter(({ event }) => event === 'enter').map(({ elementId }) => elementId);
  differ('entered', game.entered, entered);
  differ(
    'has the variables',
    told({ '': { n: 0, last: 0, ...game.root.locals }, ...withoutRoot(game) }),
    told(variablesOf(result)),
  );
}

function moveOf(command: EngineCommand): Move {
  const { again, n } = ('variables' in command ? command.variables : {}) as { again?: boolean; n?: number };
  const said = { ...(again !== undefined && { again }), ...(n !== undefined && { n }) };
  if (command.type === 'variables' || !('slot' in command)) return { type: 'variables', ...said };
  return { type: command.type === 'error' ? 'error' : 'go', slot: command.slot, ...said };
}

type Numbers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const withoutRoot = (game: TokenGame): Numbers => {
  const { '': _root, ...inner } = game.locals();
  return inner;
};

/** The variables that the token game knows, of the instance and of each scope. */
function variablesOf({ variables, locals }: Advance): Numbers {
  const scopes = Object.entries(locals).flatMap(([scope, { n }]) => (n === undefined ? [] : [[scope, { n }] as const]));
  return { '': { n: variables['n'], last: variables['last'] }, ...Object.fromEntries(scopes) };
}

const told = (scopes: Numbers): readonly string[] =>
  Object.entries(scopes).flatMap(([scope, values]) =>
    Object.entries(values).map(([name, value]) => `${scope}:${name}=${String(value)}`),
  );

/** A crash before the commit: the step is computed and forgotten, perhaps another one is. */
async function crash(
  process: CompiledProcess,
  before: Stored | null,
  command: EngineCommand,
  choice: Choice | null,
  random: Random,
): Promise<void> {
  if (!random.chance(0.3)) return;
  await advance(process, before, command, oracle, now);
  if (choice && random.chance(0.5)) await advanceAgain(process, before, randomCommand(choice, random), oracle, now);
}

async function sameAgain(process: CompiledProcess, before: Stored | null, command: EngineCommand, first: Advance): Promise<void> {
  const again = await advance(process, before, command, oracle, now);
  if (JSON.stringify(again) !== JSON.stringify(first))
    throw new Error(`the same step twice gives two answers: ${JSON.stringify(command)}`);
}

/** Putting the tokens back and reading them off again gives the same text, and moves nothing. */
async function sameState(process: CompiledProcess, { state, variables, locals, open }: Advance): Promise<void> {
  if (state === null) return;
  const standing = JSON.parse(JSON.stringify({ state, variables, locals })) as Standing;
  const same = await advance(process, standing, { type: 'variables', variables: {} }, oracle, now);
  if (same.state !== state || same.open.join(' ') !== open.join(' ') || same.trail.length > 0)
    throw new Error(`a state read back is another: ${state} became ${String(same.state)}`);
}

/** A step that is replayed for another instance must be the step that the engine would have taken for it. */
async function sameReplayed(
  process: CompiledProcess,
  before: Stored | null,
  command: EngineCommand,
  first: Advance,
): Promise<void> {
  const replayed = await advanceAgain(process, before, command, oracle, now);
  const differs = Object.keys(first).find((key) => JSON.stringify(at(replayed, key)) !== JSON.stringify(at(first, key)));
  if (differs === undefined) return;
  const both = `${JSON.stringify(at(replayed, differs))}, not ${JSON.stringify(at(first, differs))}`;
  throw new Error(`${JSON.stringify(command)} replayed gives another '${differs}' than the engine: ${both}`);
}

const at = (advanced: Advance, key: string): unknown => advanced[key as keyof Advance];
