/** What a line says of itself. */
export interface LineFacts {
  readonly lineNo: number;
  readonly reserved: number;
  readonly backordered: number;
  readonly shipped: number;
  readonly delivered: number;
  readonly lost: number;
  readonly returned: number;
  readonly returnRequested: number;
}

/** The three shipments: what was there, what was not found at first, and what came later. */
export type Part = 'there' | 'child' | 'later';

/** An order as somebody would keep it on paper, to hold the service against. */
export interface Model {
  /** Pieces by line that were not found: they leave the first shipment for one of their own. */
  pickShort(pieces: Readonly<Record<number, number>>): void;
  ship(part: Part): void;
  deliver(part: Part): void;
  lose(part: Part): void;
  /** Pieces of a shipment are to come back. */
  requestReturn(part: Part, pieces: Readonly<Record<number, number>>): void;
  /** The goods of a return are back: so many were accepted. */
  takeBack(asked: Readonly<Record<number, number>>, accepted: Readonly<Record<number, number>>): void;
  /** No time is left for returns. */
  end(): void;
  lines(): LineFacts[];
  /** Lines and pieces of a shipment. */
  carried(part: Part): { readonly lineNo: number; readonly pieces: number }[];
  /** Pieces that the customer has and keeps. */
  kept(): number;
  /** The states of the shipments that there are. */
  shipments(): string[];
  phase(): { readonly workflowState: string; readonly fulfilmentStatus: string; readonly returnStatus: string };
}

interface Line {
  readonly lineNo: number;
  readonly ordered: number;
  readonly carried: Record<Part, number>;
  requested: number;
  returned: number;
}

export function createModel(
  wanted: readonly {
    readonly lineNo: number;
    readonly ordered: number;
    readonly reserved: number;
    readonly backordered: number;
  }[],
): Model {
  const lines = wanted.map(({ lineNo, ordered, reserved, backordered }): Line => {
    if (reserved + backordered !== ordered)
      throw new Error(`line ${lineNo}: ${reserved} reserved and ${backordered} backordered of ${ordered}`);
    return { lineNo, ordered, carried: { there: reserved, child: 0, later: backordered }, requested: 0, returned: 0 };
  });
  const states: Partial<Record<Part, string>> = { there: 'PICKING', later: 'BACKORDERED' };
  let openReturnOf: Part | undefined;
  const isOver = (part: Part): boolean => ['COMPLETED', 'LOST'].includes(states[part] ?? '');
  const hasLeft = (part: Part): boolean => isOver(part) || ['SHIPPED', 'DELIVERED'].includes(states[part] ?? '');
  const parts: readonly Part[] = ['there', 'child', 'later'];
  const sum = (line: Line, fits: (part: Part) => boolean): number =>
    parts.filter(fits).reduce((total, part) => total + line.carried[part], 0);
  const lost = (line: Line): number => sum(line, (part) => states[part] === 'LOST');
  const delivered = (line: Line): number => sum(line, (part) => ['DELIVERED', 'COMPLETED'].includes(states[part] ?? ''));
  const total = (count: (line: Line) => number): number => lines.reduce((all, line) => all + count(line), 0);
  const ordered = total((line) => line.ordered);

  return {
    pickShort: (pieces) => {
      for (const line of lines) {
        line.carried.child = pieces[line.lineNo] ?? 0;
        line.carried.there -= line.carried.child;
      }
      states.child = 'PICKING';
    },
    ship: (part) => void (states[part] = 'SHIPPED'),
    deliver: (part) => void (states[part] = 'DELIVERED'),
    lose: (part) => void (states[part] = 'LOST'),
    requestReturn: (part, pieces) => {
      openReturnOf = part;
      for (const line of lines) line.requested += pieces[line.lineNo] ?? 0;
    },
    takeBack: (asked, accepted) => {
      openReturnOf = undefined;
      for (const line of lines) {
        line.requested -= asked[line.lineNo] ?? 0;
        line.returned += accepted[line.lineNo] ?? 0;
      }
    },
    end: () => {
      for (const part of parts) if (states[part] === 'DELIVERED') states[part] = 'COMPLETED';
    },
    lines: () =>
      lines.map((line) => ({
        lineNo: line.lineNo,
        reserved: sum(line, (part) => !hasLeft(part) && states[part] !== 'BACKORDERED'),
        backordered: sum(line, (part) => states[part] === 'BACKORDERED'),
        shipped: sum(line, hasLeft),
        delivered: delivered(line),
        lost: lost(line),
        returned: line.returned,
        returnRequested: line.requested,
      })),
    carried: (part) => lines.flatMap(({ lineNo, carried }) => (carried[part] > 0 ? [{ lineNo, pieces: carried[part] }] : [])),
    kept: () => total((line) => delivered(line) - line.returned),
    shipments: () =>
      parts.flatMap((part) => {
        const state = part === openReturnOf ? 'RETURN_REQUESTED' : states[part];
        return state === undefined ? [] : [state];
      }),
    phase: () => ({
      workflowState: parts.every((part) => states[part] === undefined || isOver(part)) ? 'COMPLETED' : 'CLEARED',
      fulfilmentStatus: fulfilmentStatus(),
      returnStatus: total((line) => line.requested) > 0 ? 'REQUESTED' : total((line) => line.returned) === 0 ? 'NONE' : 'PARTIAL',
    }),
  };

  function fulfilmentStatus(): string {
    const shipped = total((line) => sum(line, hasLeft));
    if (shipped === 0) return 'NONE';
    if (shipped < ordered) return 'PARTIAL';
    return total((line) => delivered(line) + lost(line)) < ordered ? 'SHIPPED' : 'DELIVERED';
  }
}
