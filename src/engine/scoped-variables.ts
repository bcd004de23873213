import type { JsonObject } from '../support/json.ts';
import type { Locals } from './types.ts';

/**
 * The variables of an instance, in scopes as Camunda 8 defines them: the instance has the outermost, and every sub-process, loop, run of a loop
 * and task may have local ones. What is written goes to the nearest scope around that knows the name, else to the instance.
 * A scope is named by its slot; '' is the instance.
 */
export class ScopedVariables {
  /** Changes whenever a variable does. */
  version = 0;
  private readonly scopes: Map<string, JsonObject>;
  private readonly seen = new Map<string, JsonObject>();

  constructor(
    public root: JsonObject,
    locals: Locals = {},
  ) {
    this.scopes = new Map(Object.entries(locals));
  }

  /** Local variables by scope, as they are stored. */
  get locals(): Locals {
    return Object.fromEntries([...this.scopes].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Everything that can be seen from a scope: the nearest of a name. */
  visible(slot: string): JsonObject {
    if (this.scopes.size === 0) return this.root;
    const known = this.seen.get(slot);
    if (known) return known;
    const visible = visibleVariables(this.root, this.scopes, slot);
    this.seen.set(slot, visible);
    return visible;
  }

  /** Sets variables as seen from a scope. */
  write(slot: string, values: JsonObject): void {
    const scopes = this.scopes.size === 0 ? [] : scopesAround(slot).toReversed();
    const changed = new Map<string, JsonObject>();
    for (const [name, value] of Object.entries(values)) {
      const owner = scopes.find((scope) => Object.hasOwn(this.scopes.get(scope) ?? {}, name)) ?? '';
      changed.set(owner, { ...changed.get(owner), [name]: value });
    }
    for (const [scope, members] of changed) {
      if (scope === '') this.root = { ...this.root, ...members };
      else this.scopes.set(scope, { ...this.scopes.get(scope), ...members });
    }
    this.touch();
  }

  /** Sets local variables of a scope. */
  declare(slot: string, values: JsonObject): void {
    if (Object.keys(values).length === 0) return;
    this.scopes.set(slot, { ...this.scopes.get(slot), ...values });
    this.touch();
  }

  /** A run begins at the slot: what the one before it had of its own is gone. */
  renew(slot: string): void {
    if (this.scopes.delete(slot)) this.seen.clear();
  }

  localsOf(slot: string): JsonObject {
    return this.scopes.get(slot) ?? {};
  }

  /** Forgets the local variables of a scope that has ended, and of everything inside it. */
  drop(slot: string): void {
    for (const scope of this.scopes.keys()) if (isWithin(scope, slot)) this.scopes.delete(scope);
    this.seen.clear();
  }

  /** Forgets the local variables of every scope that is not among these. */
  keep(slots: ReadonlySet<string>): void {
    for (const scope of this.scopes.keys()) if (!slots.has(scope.replace(/#$/, ''))) this.scopes.delete(scope);
    this.seen.clear();
  }

  private touch(): void {
    this.version += 1;
    this.seen.clear();
  }
}

const isWithin = (scope: string, slot: string): boolean =>
  scope === slot || ['/', '[', '#'].some((next) => scope.startsWith(`${slot}${next}`));

/** The scopes around a slot and its own, outermost first, without the instance: of `a/b[2]` they are `a`, `a/b` and `a/b[2]`. */
export function scopesAround(slot: string): readonly string[] {
  const scopes: string[] = [];
  let path = '';
  for (const segment of slot === '' ? [] : slot.split('/')) {
    const inner = path === '' ? segment : `${path}/${segment}`;
    const bracket = segment.indexOf('[');
    if (bracket > 0) scopes.push(inner.slice(0, inner.length - segment.length + bracket));
    scopes.push(inner);
    path = inner;
  }
  return scopes;
}

/** Everything that an element at a slot sees, given the variables of the instance and the local ones by scope. */
export function visibleVariables(root: JsonObject, locals: Locals | ReadonlyMap<string, JsonObject>, slot: string): JsonObject {
  const of = (scope: string): JsonObject | undefined =>
    locals instanceof Map ? (locals as ReadonlyMap<string, JsonObject>).get(scope) : (locals as Locals)[scope];
  return Object.assign({}, root, ...scopesAround(slot).map((scope) => of(scope) ?? {})) as JsonObject;
}

/** The scope that an element at the slot lies in. */
export const scopeOf = (slot: string): string => slot.slice(0, Math.max(0, slot.lastIndexOf('/')));
