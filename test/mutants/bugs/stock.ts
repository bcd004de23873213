import type { Mutant } from '../mutant.ts';

const returns = 'test/fulfilment/returns.test.ts';

/** Pieces that are promised, shipped or returned twice, or never again. */
export const stockBugs: readonly Mutant[] = [
  {
    name: 'shipped-and-reserved',
    what: 'what leaves the house stays reserved on its level',
    edits: [
      {
        file: 'src/persistence/stock.ts',
        from: 'set on_hand = on_hand - $2, reserved = reserved - $2, revision',
        to: 'set on_hand = on_hand - $2, revision',
      },
    ],
    caughtBy: {
      file: 'test/audit/service.test.ts',
      title: 'a quotation that becomes a sale on terms and is shipped, delivered and closed',
    },
  },
  {
    name: 'queue-jumping',
    what: 'goods that arrive go to who was promised last',
    edits: [
      {
        file: 'src/persistence/backorders.ts',
        from: 'order by min(d.priority), min(d.committed_at), min(d.id::text)`',
        to: 'order by min(d.committed_at) desc`',
      },
    ],
    caughtBy: {
      file: 'test/fulfilment/picking.test.ts',
      title: 'serves those who wait in the order in which they were promised, and lets nobody overtake (scenario 20)',
    },
  },
  {
    name: 'return-of-too-much',
    what: 'more is claimed than was delivered and has not come back',
    edits: [
      { file: 'src/commands/request-return.ts', from: 'else if (quantity > line.left)', to: 'else if (quantity < 0)' },
      {
        file: 'migrations/1795392000001-fulfilments-and-returns.ts',
        from: 'check (return_requested + returned <= delivered)',
        to: 'check (returned >= 0)',
      },
    ],
    caughtBy: { file: returns, title: 'claims no more than has arrived and not come back, also when several ask at once' },
  },
  {
    name: 'accepted-too-much',
    what: 'an inspection accepts more than was to come back',
    edits: [
      { file: 'src/commands/task-results.ts', from: 'if (each.accepted > line.requested)', to: 'if (each.accepted < 0)' },
      {
        file: 'migrations/1795392000001-fulfilments-and-returns.ts',
        from: 'check (accepted <= requested)',
        to: 'check (accepted >= 0)',
      },
    ],
    caughtBy: { file: returns, title: 'refuses an inspection that does not fit the return' },
  },
  {
    name: 'new-before-old',
    what: 'a new sale takes what has arrived for those who wait',
    edits: [
      {
        file: 'src/persistence/sale-commitments.ts',
        from: 'return setAside(levels, await claimedStock(tx, skus));',
        to: 'return setAside(levels, skus.length < 0 ? await claimedStock(tx, skus) : new Map());',
      },
    ],
    caughtBy: {
      file: 'test/fulfilment/picking.test.ts',
      title: 'keeps what has come for those who wait from a sale that is new',
    },
  },
  {
    name: 'turn-ignored',
    what: 'a shipment takes what it needs although it is not its turn',
    edits: [
      {
        file: 'src/jobs/handlers/inventory.allocate.ts',
        from: 'if (!(await isServed(tx, fulfilment.id, skus)))',
        to: 'if (missing.some((line) => levels.every((level) => freeStock(level) < line.quantity - line.allocated)))',
      },
    ],
    caughtBy: {
      file: 'test/fulfilment/picking.test.ts',
      title: 'lets an older shipment go first that lost its goods, although the younger one was woken before',
    },
  },
];
