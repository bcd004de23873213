import { readdir, readFile } from 'node:fs/promises';
import { advance } from '../../src/engine/advance.ts';
import { compile, type CompiledProcess } from '../../src/engine/compile.ts';
import type { Advance, EngineCommand } from '../../src/engine/types.ts';
import type { DecisionModel } from '../../src/rules/decision-model.ts';
import { parseDecisions } from '../../src/rules/dmn.ts';
import { createOracle } from '../../src/rules/oracle.ts';
import { initialVariables } from '../../src/rules/schema.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { diagramText, parseElements, processesFolder } from './diagram.ts';

const now = new Date('2026-01-01T09:00:00Z');

/** A moment after the walk, for timers that must not be due. */
export const later = '2026-01-02T09:00:00Z';

/** What happens at the open wait of an element. */
export type Happening = readonly [
  elementId: string,
  what: 'complete' | 'message' | 'timer' | { readonly error: string },
  result?: JsonObject,
];

export const done = (elementId: string, result: JsonObject = {}): Happening => [elementId, 'complete', result];
export const allDone = (...elementIds: readonly string[]): Happening[] => elementIds.map((id) => done(id));
export const message = (elementId: string, brought: JsonObject = {}): Happening => [elementId, 'message', brought];
export const timer = (elementId: string): Happening => [elementId, 'timer'];
export const error = (elementId: string, code: string, brought: JsonObject = {}): Happening => [
  elementId,
  { error: code },
  brought,
];

/** One way through a diagram: what is given at the start, what happens, the states it passes, and where it stands at its end. */
export interface Way {
  readonly given?: JsonObject;
  readonly happenings: readonly Happening[];
  /** Workflow states in order, `A > B`. */
  readonly states: string;
  /** Open waits at the end, apart from boundary events; none when the process has ended. */
  readonly at?: readonly string[];
}

function commandOf([, what, variables = {}]: Happening, slot: string): EngineCommand {
  if (what === 'timer') return { type: 'timer', slot };
  if (typeof what === 'string') return { type: what, slot, variables };
  return { type: 'error', slot, code: what.error, message: what.error, variables };
}

/** What an analyst might make of the text of a table. */
export type EditTable = (xml: string, name: string) => string;

let shipped: Promise<DecisionModel[]> | undefined;

async function readDecisions(edit: EditTable = (xml) => xml): Promise<DecisionModel[]> {
  const files = (await readdir(processesFolder)).filter((name) => name.endsWith('.dmn'));
  return Promise.all(
    files.map(async (name) => parseDecisions(edit(await readFile(new URL(name, processesFolder), 'utf8'), name))),
  );
}

const compiling = new Map<string, Promise<CompiledProcess>>();

/** Compiled once for all walks: compiling costs a hundred times a step. */
function compiled(processId: string): Promise<CompiledProcess> {
  const known = compiling.get(processId) ?? diagramText(processId).then(async (xml) => (await compile(xml))[0]!);
  compiling.set(processId, known);
  return known;
}

/**
 * Walks a diagram on the engine with its real tables; answers the workflow states it passed, the waits that are open (`at`: without boundary
 * events), the flows it took, and the variables.
 */
export async function walk(processId: string, given: JsonObject, happenings: readonly Happening[], edit?: EditTable) {
  const process = await compiled(processId);
  const schema = JSON.parse(await readFile(new URL(`${processId}.variables.schema.json`, processesFolder), 'utf8')) as JsonObject;
  const oracle = createOracle({ decisions: await (edit ? readDecisions(edit) : (shipped ??= readDecisions())), now });
  const states: string[] = [];
  const taken: string[] = [];
  const note = (advanced: Advance): Advance => {
    const entered = advanced.trail.filter(({ event }) => event === 'enter').flatMap(({ workflowState }) => workflowState ?? []);
    for (const state of entered) if (state !== states.at(-1)) states.push(state);
    taken.push(...advanced.trail.filter(({ event }) => event === 'take').map(({ elementId }) => elementId));
    return advanced;
  };
  const start: EngineCommand = { type: 'start', variables: { ...initialVariables(schema), ...given } };
  let at = note(await advance(process, null, start, oracle, now));
  for (const happening of happenings) {
    const slot = at.open.find((open) => open.split('/').at(-1) === happening[0]);
    if (slot === undefined || at.state === null)
      throw new Error(`${happening[0]} is not open; open: ${at.open.join(', ') || 'nothing'}`);
    at = note(await advance(process, { state: at.state, variables: at.variables }, commandOf(happening, slot), oracle, now));
  }
  const open = at.open.map((slot) => slot.split('/').at(-1)!);
  return {
    states: states.join(' > '),
    open,
    at: open.filter((id) => process.elements.get(id)?.attachedTo === undefined),
    taken,
    variables: at.variables,
    status: at.status,
  };
}

const walked = new Map<Way, ReturnType<typeof walk>>();

/** Walks one way, or answers what it came to before. */
export function walkWay(processId: string, given: JsonObject, way: Way): ReturnType<typeof walk> {
  const known = walked.get(way) ?? walk(processId, { ...given, ...way.given }, way.happenings);
  walked.set(way, known);
  return known;
}

/** Sequence flows of a diagram that none of the ways takes. */
export async function untakenFlows(processId: string, given: JsonObject, ways: Readonly<Record<string, Way>>): Promise<string[]> {
  const all = await Promise.all(Object.values(ways).map((way) => walkWay(processId, given, way)));
  const taken = new Set(all.flatMap((each) => each.taken));
  const { elements } = await parseElements(await diagramText(processId));
  return elements.filter(({ $type, id }) => $type === 'bpmn:SequenceFlow' && !taken.has(id)).map(({ id }) => id);
}
