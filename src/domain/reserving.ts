/** A sale line with how many pieces of it nobody has promised yet. */
export interface OpenLine {
  readonly id: string;
  readonly lineNo: number;
  readonly sku: string;
  readonly open: number;
}

/** A stock level as reserving sees it. */
export interface Level {
  readonly id: string;
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly safety: number;
}

/** So many pieces for a line from a level, of them so many from its safety stock. */
export interface Taking {
  readonly lineId: string;
  readonly lineNo: number;
  readonly levelId: string;
  readonly quantity: number;
  readonly fromSafety: number;
}

/** How much of the safety stock of a level may be used, pieces by level; nothing where a level is missing. */
export type SafetyGrants = ReadonlyMap<string, number>;

export interface TakingPlan {
  readonly takings: readonly Taking[];
  /** Pieces by line that no level has. */
  readonly missing: ReadonlyMap<string, number>;
}

/**
 * Takes what lines need from the levels of their products, in the order of the levels; first what is free at any of them, then what may be taken from safety
 * stock. Free stock that one line takes is gone for the next.
 */
export function planTakings(lines: readonly OpenLine[], levels: readonly Level[], grants: SafetyGrants = new Map()): TakingPlan {
  const left = levels.map((level) => {
    const physical = level.onHand - level.reserved;
    const free = Math.max(0, physical - level.safety);
    return { level, free, safety: Math.min(grants.get(level.id) ?? 0, physical - free) };
  });
  const takings: Taking[] = [];
  const missing = new Map<string, number>();
  for (const line of lines) {
    let open = line.open;
    const own = left.filter(({ level }) => level.sku === line.sku);
    const taken = own.map(() => ({ free: 0, safety: 0 }));
    for (const kind of ['free', 'safety'] as const) {
      own.forEach((each, index) => {
        const pieces = Math.min(open, each[kind]);
        each[kind] -= pieces;
        open -= pieces;
        (taken[index] as (typeof taken)[number])[kind] = pieces;
      });
    }
    own.forEach(({ level }, index) => {
      const { free, safety } = taken[index] as (typeof taken)[number];
      if (free + safety === 0) return;
      takings.push({ lineId: line.id, lineNo: line.lineNo, levelId: level.id, quantity: free + safety, fromSafety: safety });
    });
    if (open > 0) missing.set(line.id, open);
  }
  return { takings, missing };
}

/** All of the safety stock: what an override could free at most. */
export const everySafety = (levels: readonly Level[]): SafetyGrants => new Map(levels.map((level) => [level.id, level.safety]));

/** Adds what is spoken for, pieces by product, to the safety stock of its levels, the last level first: there only an override reaches it. */
export function setAside<T extends Level>(levels: readonly T[], claimed: ReadonlyMap<string, number>): T[] {
  const left = new Map(claimed);
  return levels
    .toReversed()
    .map((level) => {
      const share = Math.min(left.get(level.sku) ?? 0, Math.max(0, level.onHand - level.reserved - level.safety));
      left.set(level.sku, (left.get(level.sku) ?? 0) - share);
      return { ...level, safety: level.safety + share };
    })
    .toReversed();
}
