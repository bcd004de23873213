/** Reads off the engine where the tokens lie, after it has come to rest. */
import type { Activity, Scope } from './facade.ts';
import { slotOf, type ActiveElement, type ScopeMarking } from './marking.ts';
import type { ProcessModel } from './model.ts';

/** One run that holds a token: the place it lies at, and the index within a loop. */
export interface Run {
  readonly slot: string;
  readonly elementId: string;
  readonly index?: number;
}

/** What a run needs to know about itself and the engine does not keep. */
export interface RunMemory {
  /** Of a repeating timer: firings that may follow the next one, -1 for ever. */
  readonly left?: number;
  /** Of a multi-instance activity: how many runs in all. */
  readonly size?: number;
}

export interface Snapshot {
  readonly marking: ScopeMarking;
  /** By the engine's execution id. */
  readonly runs: ReadonlyMap<string, Run>;
}

export function takeSnapshot(model: ProcessModel, scope: Scope, memory: ReadonlyMap<string, RunMemory>): Snapshot {
  const runs = new Map<string, Run>();
  return { marking: readScope(scope, ''), runs };

  function readScope(current: Scope, path: string): ScopeMarking {
    const active: Record<string, ActiveElement> = {};
    const held: Record<string, readonly string[]> = {};
    for (const activity of current.getActivities()) {
      const tokens = heldBy(activity);
      if (tokens.length > 0) held[activity.id] = tokens;
      if (activity.status !== undefined) active[activity.id] = readActive(activity, path);
    }
    return { active, held };
  }

  function readActive(activity: Activity, path: string): ActiveElement {
    const slot = slotOf(path, activity.id);
    const element = model.elements.get(activity.id);
    const { left, size = 0 } = memory.get(activity.executionId) ?? {};
    runs.set(activity.executionId, { slot, elementId: activity.id });
    if (element?.loop) return { loop: { size, open: openIterations(activity, path) } };
    const inner = element?.type === 'bpmn:SubProcess' ? activity.execution?.source?.execution : undefined;
    return { ...(inner && { inside: readScope(inner, slot) }), ...(left !== undefined && { left }) };
  }

  function openIterations(activity: Activity, path: string): readonly number[] {
    const open: number[] = [];
    for (const { content } of activity.execution?.getPostponed() ?? []) {
      if (content.isRootScope || content.index === undefined) continue;
      const slot = slotOf(path, activity.id, content.index);
      runs.set(content.executionId, { slot, elementId: activity.id, index: content.index });
      open.push(content.index);
    }
    return open.sort((a, b) => a - b);
  }
}

function heldBy(activity: Activity): readonly string[] {
  const waiting = activity.broker.getQueue('inbound-q')?.messages ?? [];
  return waiting
    .filter(({ fields }) => fields.routingKey === 'flow.take')
    .map(({ content }) => content.id)
    .sort();
}

/** Every running scope, the process first. */
export function* scopesOf(scope: Scope): Generator<Scope> {
  yield scope;
  for (const activity of scope.getActivities()) {
    const inner = activity.status === undefined ? undefined : activity.execution?.source?.execution;
    if (inner) yield* scopesOf(inner);
  }
}
