/** Reads off the engine where the tokens of one scope lie, after it has come to rest. */
import type { Activity, Scope } from './facade.ts';
import { slotOf, type ActiveElement, type Run } from './marking.ts';

/** What a run needs to know about itself and the engine does not keep, by its execution id. */
export interface RunMemory {
  /** Of a repeating timer: firings that may follow the next one, -1 for ever. */
  readonly left: Map<string, number>;
  /** Of a loop: how many runs in all. */
  readonly sizes: Map<string, number>;
}

/** Tokens of one scope, without what lies inside of its sub-processes. */
export interface Tokens {
  readonly active: Readonly<Record<string, ActiveElement>>;
  readonly held: Readonly<Record<string, readonly string[]>>;
}

export interface Snapshot {
  readonly tokens: Tokens;
  /** By the engine's execution id; of a loop both the whole and the runs that are open. */
  readonly runs: ReadonlyMap<string, Run>;
}

/** `path` is the slot of the scope. */
export function takeSnapshot(scope: Scope, path: string, memory: RunMemory): Snapshot {
  const runs = new Map<string, Run>();
  const active: Record<string, ActiveElement> = {};
  const held: Record<string, readonly string[]> = {};
  for (const activity of scope.getActivities()) {
    const tokens = heldBy(activity);
    if (tokens.length > 0) held[activity.id] = tokens;
    if (activity.status !== undefined) active[activity.id] = readActive(activity);
  }
  return { tokens: { active, held }, runs };

  function readActive(activity: Activity): ActiveElement {
    const { id, executionId } = activity;
    runs.set(executionId, { slot: slotOf(path, id), elementId: id });
    if (activity.behaviour['loopCharacteristics'])
      return { loop: { size: memory.sizes.get(executionId) ?? 0, open: openIterations(activity) } };
    const left = memory.left.get(executionId);
    return left === undefined ? {} : { left };
  }

  function openIterations(activity: Activity): readonly number[] {
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
