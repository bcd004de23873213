import { slotOf, type ArmedStart, type ScopeMarking } from '../marking.ts';

/** The marking in which these slots know other things: a wait that begins anew does not go on counting what the old one counted. */
export function withKnown(marking: ScopeMarking, known: ReadonlyMap<string, ArmedStart>, path = ''): ScopeMarking {
  if (known.size === 0) return marking;
  const active = Object.entries(marking.active).map(([id, element]) => {
    const { left: _left, inside, runs, ...rest } = element;
    const slot = slotOf(path, id);
    const mine = known.get(slot);
    if (mine) return [id, { ...rest, ...mine }] as const;
    const insides = Object.entries(runs ?? {}).map(([index, run]) => [
      index,
      withKnown(run, known, slotOf(path, id, Number(index))),
    ]);
    return [
      id,
      {
        ...element,
        ...(inside && { inside: withKnown(inside, known, slot) }),
        ...(runs && { runs: Object.fromEntries(insides) as Record<string, ScopeMarking> }),
      },
    ] as const;
  });
  const armed = Object.entries(marking.armed ?? {}).map(([id, start]) => [id, known.get(slotOf(path, id)) ?? start]);
  return {
    ...marking,
    active: Object.fromEntries(active),
    ...(marking.armed && { armed: Object.fromEntries(armed) as Record<string, ArmedStart> }),
  };
}
