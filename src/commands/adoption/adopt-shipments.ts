import { newId } from '../../support/ids.ts';
import { handedOver } from '../slice.ts';
import type { Unit } from '../unit.ts';
import { newDraft } from './batch.ts';
import { fulfilmentFacts } from './facts.ts';
import { runningState } from './instance-rows.ts';
import { readEvent, readFulfilment, type LegacyFulfilment } from './legacy.ts';
import { openBatch } from './open-batch.ts';
import { digestOf, findingOf, keyOf, RecordFault, type Finding, type LegacyRecord, type LegacyRecords } from './records.ts';
import { hashSteps } from './step-hash.ts';
import { Rows } from './rows.ts';
import { noteAdopted } from './write-masters.ts';

/** A shipment of a sale of ours that came into being while its slice was off. Its goods are reserved here, not in the old system. */
interface OwnShipment {
  readonly id: string;
  readonly saleId: string;
  readonly location: string;
  readonly clearedAt: Date;
  readonly lines: readonly {
    readonly saleLineId: string;
    readonly lineNo: number;
    readonly sku: string;
    readonly quantity: number;
    readonly reserved: number;
  }[];
}

/** Numbers of the shipments that were handed over to the old system and have not been adopted. */
export async function shipmentsHandedOver(tx: Unit['tx']): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ number: string }>(
    'select number from orderflow.fulfilment where legacy_status = $1 and adopted_at is null',
    [handedOver],
  );
  return new Set(rows.map((row) => row.number));
}

/**
 * Takes shipments back that the old system has not sent off yet: their process begins where they stand there. One that has left is for a person, because goods and money of
 * ours have to be booked for it.
 */
export async function adoptShipments(
  unit: Unit & { readonly commandId: string },
  of: Parameters<typeof openBatch>[1] & { readonly records: LegacyRecords },
  shipments: readonly LegacyRecord[],
): Promise<{ readonly adopted: number; readonly findings: readonly Finding[] }> {
  const { tx, now } = unit;
  const batch = await openBatch(unit, of, []);
  const rows = new Rows();
  const findings: Finding[] = [];
  const adopted: (Parameters<typeof noteAdopted>[2][number] & { readonly targetId: string; readonly state: object })[] = [];
  const lineRecords = (number: string): LegacyRecord[] =>
    of.records.fulfilment_lines.filter((line) => (line['fulfilment'] ?? '').trim() === number);
  for (const record of shipments) {
    const draft = newDraft();
    try {
      const number = keyOf('fulfilments', record);
      const own = await lockShipment(unit, number);
      const read = readFulfilment(record, lineRecords(number), []);
      const target = of.map.target('fulfilment', read.status, fulfilmentFacts(asHere(read, own), 0, now), now);
      if (target.over)
        throw new RecordFault(
          'contradictory',
          `${read.status} in the old system: cancel it here, nobody else can give its goods back`,
        );
      const events = of.records.history.filter((event) => (event['number'] ?? '').trim() === number).map(readEvent);
      const { id, location, saleId } = own;
      const order = { subject: { type: 'fulfilment', id } as const, number, status: read.status, target, events };
      const variables = {
        fulfilment: { id, number, saleId, location, backorderOfId: null },
        shipment: { carrier: null, tracking: null, shippedAt: null, deliveredAt: null },
      };
      const pieces = own.lines.reduce((sum, line) => sum + line.quantity, 0);
      const facts = {
        ...variables,
        pieces,
        returnWindow: { endsAt: null },
        returns: { open: 0, allReturned: false, windowOpen: false },
      };
      const state = await runningState(batch, draft, order, { instanceId: newId(), phase: 'fulfilment', variables, facts });
      for (const line of own.lines) {
        if (target.state !== 'BACKORDERED' || line.reserved >= line.quantity) continue;
        const demand = {
          fulfilment_id: id,
          sale_line_id: line.saleLineId,
          sku: line.sku,
          quantity: line.quantity - line.reserved,
        };
        draft.rows.add('backorder_demand', {
          id: newId(),
          ...demand,
          committed_at: own.clearedAt,
          priority: 100,
          status: 'OPEN',
        });
      }
      rows.addAll(draft.rows);
      adopted.push({ entity: 'fulfilments', key: number, digest: digestOf(record), targetId: id, state });
    } catch (error) {
      findings.push(findingOf('fulfilments', record, error));
    }
  }
  await hashSteps(unit, rows);
  await rows.insert(tx);
  await tx.execute(
    `update orderflow.fulfilment f
        set workflow_state = s.workflow_state, workflow_context = s.workflow_context, transition_count = s.transition_count,
            process_instance_id = s.process_instance_id, legacy_status = s.legacy_status, adopted_at = s.adopted_at, revision = f.revision + 1
       from jsonb_to_recordset($1::jsonb) as s (id uuid, workflow_state text, workflow_context jsonb, transition_count int, process_instance_id uuid,
         legacy_status text, adopted_at timestamptz)
      where f.id = s.id`,
    [JSON.stringify(adopted.map(({ targetId, state }) => ({ id: targetId, ...state })))],
  );
  await noteAdopted(tx, of.source, adopted, now);
  return { adopted: adopted.length, findings };
}

async function lockShipment({ tx }: Unit, number: string): Promise<OwnShipment> {
  return tx.one<OwnShipment>(
    `select f.id, f.sale_order_id as "saleId", f.location, coalesce(s.cleared_at, f.created_at) as "clearedAt",
            (select jsonb_agg(jsonb_build_object('saleLineId', l.id, 'lineNo', l.line_no, 'sku', l.sku, 'quantity', x.quantity,
                      'reserved', coalesce((select sum(r.quantity) from orderflow.stock_reservation r
                                             where r.fulfilment_id = f.id and r.sale_line_id = l.id and r.status in ('SOFT', 'FIRM')), 0)) order by l.line_no)
               from orderflow.fulfilment_line x join orderflow.sale_line l on l.id = x.sale_line_id where x.fulfilment_id = f.id) as lines
       from orderflow.fulfilment f join orderflow.sale_order s on s.id = f.sale_order_id where f.number = $1 for no key update of f`,
    [number],
  );
}

/** The shipment as its goods are here. @throws RecordFault */
function asHere(read: LegacyFulfilment, own: OwnShipment): LegacyFulfilment {
  if (read.shippedAt)
    throw new RecordFault(
      'contradictory',
      'it left while it was with the old system: goods and money have to be booked here by hand',
    );
  const said = read.lines.map(({ lineNo, quantity }) => `${lineNo}:${quantity}`).join();
  const here = own.lines.map(({ lineNo, quantity }) => `${lineNo}:${quantity}`).join();
  if (said !== here)
    throw new RecordFault('contradictory', `it was handed over with the lines ${here}, and came back with ${said}`);
  return { ...read, lines: own.lines.map(({ lineNo, quantity, reserved }) => ({ lineNo, quantity, reserved })) };
}
