import type { CompiledProcess } from '../compile.ts';
import { suggest } from './suggest.ts';
import type { ElementMapping, MigrationPlan } from './types.ts';

/** A mapping names an element that its version does not have; `errors` say which, by the member of the mapping. */
export class MappingRefused extends Error {
  override readonly name = 'MappingRefused';
  constructor(readonly errors: readonly { readonly from: string; readonly message: string }[]) {
    super(errors[0]?.message ?? 'the mapping is refused');
  }
}

/**
 * Finds the elements of one version in another: those that are asked for, and those that kept their id. What has lost its id is only suggested, because
 * a wrong guess would put a token where nobody wants it. @throws MappingRefused
 */
export function planMigration(from: CompiledProcess, to: CompiledProcess, asked: ElementMapping = {}): MigrationPlan {
  const errors = Object.entries(asked).flatMap(([source, target]) => [
    ...(from.elements.has(source)
      ? []
      : [{ from: source, message: `The version that instances come from has no element ${source}.` }]),
    ...(to.elements.has(target) ? [] : [{ from: source, message: `The version that instances go to has no element ${target}.` }]),
  ]);
  if (errors.length > 0) throw new MappingRefused(errors);
  const wanted = new Map(Object.entries(asked));
  const mapping = new Map<string, string>([[from.processId, to.processId]]);
  for (const id of from.elements.keys()) {
    const target = wanted.get(id) ?? (to.elements.has(id) ? id : undefined);
    if (target !== undefined) mapping.set(id, target);
  }
  const reached = new Set(mapping.values());
  const removed = [...from.elements.keys()].filter((id) => !mapping.has(id));
  const added = [...to.elements.keys()].filter((id) => !reached.has(id));
  return {
    from,
    to,
    mapping: Object.fromEntries(mapping),
    asked: new Set(wanted.keys()),
    removed,
    added,
    suggestions: suggest(from.program.model, to.program.model, mapping, removed, added),
  };
}
