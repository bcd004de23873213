import { newId } from '../../support/ids.ts';
import type { Batch, Draft, Level } from './batch.ts';
import type { CaseFulfilment, CaseReturn } from './case.ts';
import { RecordFault } from './records.ts';

/** Where goods lie when the old system does not say where. */
const mainLocation = 'MAIN';
/** As long as a soft reservation of a sale that is not cleared stands, ms. */
const softMs = 7 * 86_400_000;

function levelOf({ levels }: Batch, sku: string, location: string): Level {
  const level = levels.get(`${sku}/${location}`);
  if (!level) throw new RecordFault('missing', `there is no stock of ${sku} at ${location}`);
  return level;
}

/** Sets pieces aside. @throws RecordFault `contradictory` when they are not there */
function take(draft: Draft, level: Level, sku: string, quantity: number): void {
  const taken = (draft.reserving.get(level) ?? 0) + quantity;
  if (level.reserved + taken > level.onHand)
    throw new RecordFault(
      'contradictory',
      `${quantity} pieces of ${sku} are set aside, but only ${level.onHand - level.reserved - taken + quantity} are free`,
    );
  draft.reserving.set(level, taken);
}

/** What the old system has set aside for a sale that has no shipment yet: a soft reservation, as if it had been made now. */
export function reserveLine(
  batch: Batch,
  draft: Draft,
  line: { readonly saleNumber: string; readonly lineId: string; readonly sku: string; readonly quantity: number },
): void {
  const level = levelOf(batch, line.sku, mainLocation);
  take(draft, level, line.sku, line.quantity);
  const reservation = {
    id: newId(),
    stock_level_id: level.id,
    sale_line_id: line.lineId,
    fulfilment_id: null,
    quantity: line.quantity,
    status: 'SOFT',
    expires_at: new Date(batch.now.getTime() + softMs),
    job_key: `backfill:${line.saleNumber}`,
    created_at: batch.now,
  };
  draft.rows.add('stock_reservation', reservation);
  move(draft, level, 'RESERVED', line.quantity, `backfill:${reservation.id}`, batch.now);
}

/**
 * The goods of a shipment. What is set aside is reserved; what has left came, was reserved and left, so that the level stays what was counted; what came back is on it
 * again, as far as it was good.
 */
export function writeGoods(
  batch: Batch,
  draft: Draft,
  fulfilment: CaseFulfilment & { readonly fulfilmentId: string },
  lines: readonly {
    readonly lineId: string;
    readonly lineNo: number;
    readonly sku: string;
    readonly quantity: number;
    readonly reserved: number;
  }[],
  committedAt: Date,
): void {
  const { target, shippedAt, location } = fulfilment;
  if (target.state === 'CANCELLED') return;
  for (const { lineId, lineNo, sku, quantity, reserved } of lines) {
    const pieces = shippedAt ? quantity : reserved;
    const level = levelOf(batch, sku, location);
    const id = newId();
    if (pieces > 0) {
      draft.rows.add('stock_reservation', {
        id,
        stock_level_id: level.id,
        sale_line_id: lineId,
        fulfilment_id: fulfilment.fulfilmentId,
        quantity: pieces,
        status: shippedAt ? 'SHIPPED' : 'FIRM',
        expires_at: null,
        job_key: `backfill:${fulfilment.number}`,
        created_at: batch.now,
      });
      move(draft, level, 'RESERVED', pieces, `backfill:${id}`, shippedAt ?? batch.now);
    }
    if (shippedAt) {
      const back = goodPieces(fulfilment.returns, lineNo);
      move(draft, level, 'RECEIVED', pieces - back, `backfill:${id}`, shippedAt);
      move(draft, level, 'SHIPPED', -pieces, `backfill:${id}`, shippedAt);
    } else {
      if (pieces > 0) take(draft, level, sku, pieces);
      if (pieces < quantity) {
        draft.rows.add('backorder_demand', {
          id: newId(),
          fulfilment_id: fulfilment.fulfilmentId,
          sale_line_id: lineId,
          sku,
          quantity: quantity - pieces,
          committed_at: committedAt,
          priority: 100,
          status: 'OPEN',
        });
      }
    }
  }
}

/** What came back with a return that is over. */
export function writeReturnedGoods(
  batch: Batch,
  draft: Draft,
  line: {
    readonly reference: string;
    readonly sku: string;
    readonly location: string;
    readonly accepted: number;
    readonly good: number;
    readonly at: Date;
  },
): void {
  const level = levelOf(batch, line.sku, line.location);
  move(draft, level, 'RETURNED', line.accepted, line.reference, line.at);
  move(draft, level, 'SCRAPPED', line.good - line.accepted, line.reference, line.at);
}

const goodPieces = (returns: readonly CaseReturn[], lineNo: number): number =>
  returns
    .filter(({ target }) => target.state === 'RETURN_COMPLETED')
    .flatMap(({ lines }) => lines.filter((line) => line.lineNo === lineNo))
    .reduce((sum, line) => sum + line.good, 0);

function move(draft: Draft, level: Level, kind: string, quantity: number, reference: string, at: Date): void {
  if (quantity !== 0) draft.rows.add('stock_movement', { id: newId(), stock_level_id: level.id, kind, quantity, reference, at });
}
