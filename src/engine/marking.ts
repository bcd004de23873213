/**
 * Where the tokens of an instance lie: its whole engine state. The text is canonical: no clock, no random ids, no variables, no history, keys
 * sorted. Two instances at the same place have the same text, whatever way they came, so a state can be stored once under its hash.
 *
 * It is not a dump of bpmn-elements' queues. A step puts the engine back to work from the marking (recovery.ts) and reads the marking off
 * the engine afterwards (snapshot.ts), so an upgrade of the engine does not touch stored states.
 */
import { canonicalJson, isJsonObject } from '../support/json.ts';
import { StateFormatUnknown } from './errors.ts';
import { isScope, type ElementModel, type ProcessModel } from './model.ts';

/** Version of the text's meaning; a change that an older reader would misread gets a new number. */
export const stateFormat = 2;
/** Formats that this version reads. 1 had neither event sub-processes nor loops with an inside; what it says means the same in 2. */
const readable: readonly unknown[] = [1, stateFormat];
/** The engine that wrote the state; kept for the story, never needed to read it. */
export const engineVersion = 'bpmn-engine/25.0.1 bpmn-elements/17.3.0';

/** Tokens of the process, or of one sub-process that is running. */
export interface ScopeMarking {
  /** Elements that wait, by id; armed boundary events are elements of their own, and so are event sub-processes that run. */
  readonly active: Readonly<Record<string, ActiveElement>>;
  /** Tokens held in front of an element, by its id: the incoming flows they came by, sorted. */
  readonly held: Readonly<Record<string, readonly string[]>>;
  /** Start events of event sub-processes that may still be triggered from outside. */
  readonly armed?: Readonly<Record<string, ArmedStart>>;
}

export interface ActiveElement {
  /** Inside of a sub-process. */
  readonly inside?: ScopeMarking;
  /** Insides of a sub-process that runs several times, by index: a loop's, or those of an event sub-process that does not interrupt. */
  readonly runs?: Readonly<Record<string, ScopeMarking>>;
  /** Of a repeating timer: firings that may follow the next one, -1 for ever. */
  readonly left?: number;
  /** Of a multi-instance activity: how many runs in all, and the indexes of those that are open. */
  readonly loop?: { readonly size: number; readonly open: readonly number[] };
}

export interface ArmedStart {
  /** Of a repeating timer: firings that may follow the next one, -1 for ever. */
  readonly left?: number;
}

/** One run that holds a token: the place it lies at, and the index within a loop. */
export interface Run {
  readonly slot: string;
  readonly elementId: string;
  readonly index?: number;
}

export function formatState(processId: string, marking: ScopeMarking): string {
  return canonicalJson({ format: stateFormat, engine: engineVersion, process: processId, marking: dense(marking) });
}

/** Throws StateFormatUnknown when the text is of another format, or when a token lies on an element that the definition does not have. */
export function parseState(text: string, model: ProcessModel): ScopeMarking {
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch (cause) {
    throw new StateFormatUnknown('The stored state is not JSON. Restore it from the step log.', { cause });
  }
  if (!isJsonObject(state) || !readable.includes(state['format'])) {
    const format = isJsonObject(state) ? JSON.stringify(state['format'] ?? null) : typeof state;
    throw new StateFormatUnknown(
      `The stored state has format ${format}; this version reads the formats ${readable.join(' and ')}. Run it with the version that wrote it.`,
    );
  }
  if (state['process'] !== model.id) {
    throw new StateFormatUnknown(`The stored state belongs to process ${JSON.stringify(state['process'])}, not to ${model.id}.`);
  }
  return readScope(state['marking'], model, model.id);
}

function dense(scope: ScopeMarking): object {
  const active = mapValues(scope.active, ({ inside, runs, ...element }) => ({
    ...element,
    ...(inside && { inside: dense(inside) }),
    ...(runs && Object.keys(runs).length > 0 && { runs: mapValues(runs, dense) }),
  }));
  return {
    active,
    ...(Object.keys(scope.held).length > 0 && { held: scope.held }),
    ...(Object.keys(scope.armed ?? {}).length > 0 && { armed: scope.armed }),
  };
}

function readScope(value: unknown, model: ProcessModel, scope: string): ScopeMarking {
  const { active = {}, held = {}, armed = {} } = (isJsonObject(value) ? value : {}) as unknown as Partial<ScopeMarking>;
  for (const [id, element] of Object.entries(active)) checkShape(elementIn(model, scope, id), element);
  for (const [id, flows] of Object.entries(held)) {
    const incoming = elementIn(model, scope, id).incoming;
    for (const flow of flows) if (!incoming.some((known) => known.id === flow)) misfit(id, `has no incoming flow ${flow}`);
  }
  for (const id of Object.keys(armed)) {
    const around = model.elements.get(model.elements.get(id)?.scope ?? '');
    if (!around?.isEventSubProcess || around.scope !== scope) misfit(id, 'starts no event sub-process');
  }
  return {
    active: mapValues(active, ({ inside, runs, ...rest }, id) => ({
      ...rest,
      ...(inside && { inside: readScope(inside, model, id) }),
      ...(runs && { runs: mapValues(runs, (run) => readScope(run, model, id)) }),
    })),
    held,
    ...(Object.keys(armed).length > 0 && { armed }),
  };
}

/** A sub-process has an inside: one for each open run when it repeats, or when it is an event sub-process that leaves the others running. */
function checkShape(known: ElementModel, { inside, runs = {}, loop }: ActiveElement): void {
  const several = known.loop !== undefined || (known.isEventSubProcess && inside === undefined);
  const indexes = Object.keys(runs).sort().join();
  const expected = loop ? [...loop.open].map(String).sort().join() : indexes;
  if ((loop !== undefined) !== (known.loop !== undefined)) misfit(known.id, 'repeats differently');
  if ((inside !== undefined) !== (isScope(known.type) && !several)) misfit(known.id, `is a ${known.type}`);
  if (indexes !== (isScope(known.type) && several ? expected : '')) misfit(known.id, `is a ${known.type}`);
}

function elementIn(model: ProcessModel, scope: string, id: string): ElementModel {
  const element = model.elements.get(id);
  if (element?.scope !== scope)
    throw new StateFormatUnknown(
      `A token of the stored state lies on ${id}, which the definition does not have in ${scope}. Migrate the instance to this version of the diagram first.`,
    );
  return element;
}

function misfit(id: string, how: string): never {
  throw new StateFormatUnknown(
    `The stored state does not fit the definition: ${id} ${how}. Migrate the instance to this version of the diagram first.`,
  );
}

const mapValues = <T, R>(record: Readonly<Record<string, T>>, map: (value: T, key: string) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));

/** Slot of an element: the ids of the sub-processes around it and its own, joined by `/`; a run of a loop adds its index in brackets. */
export const slotOf = (path: string, elementId: string, index?: number): string =>
  `${path === '' ? '' : `${path}/`}${elementId}${index === undefined ? '' : `[${index}]`}`;

/**
 * The engine's id of a run that was put back from a marking: the slot in letters that its message broker does not interpret. No element has a
 * `%` in its id, so `task%_1`, the second run of a loop, is never mistaken for the element `task_1`.
 */
export const runId = (path: string, elementId: string): string =>
  `${slotOf(path, elementId).replaceAll('.', '%').replaceAll('/', '~').replaceAll('[', '<').replaceAll(']', '>')}%`;
