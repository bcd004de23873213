import type { JsonObject } from '../../support/json.ts';
import { fulfilmentFacts, quotationFacts, returnFacts, saleFacts } from './facts.ts';
import {
  readEvent,
  readFulfilment,
  readQuotation,
  readReturn,
  readSale,
  type LegacyEvent,
  type LegacyQuotation,
} from './legacy.ts';
import {
  digestOf,
  findingOf,
  keyOf,
  RecordFault,
  type Entity,
  type Finding,
  type LegacyRecord,
  type LegacyRecords,
} from './records.ts';
import type { Case, CaseFulfilment, CaseReturn, Placed } from './case.ts';
import type { StatusMap } from './status-map.ts';
import { checkQuotation, checkSale, type Known } from './checks.ts';

/** Records by the order that they belong to. */
export interface Index {
  readonly of: (entity: Entity, column: string, value: string) => readonly LegacyRecord[];
}

/** Puts together the orders of the old system that have not been adopted yet. What cannot be read, contradicts itself or says what nobody has mapped is a finding, and its whole order with it. */
export function assembleCases(
  records: LegacyRecords,
  map: StatusMap,
  known: Known,
  now: Date,
  isSettled: (entity: Entity, record: LegacyRecord) => boolean,
): { readonly cases: readonly Case[]; readonly findings: readonly Finding[] } {
  const index = indexOf(records);
  const findings: Finding[] = [];
  const cases: Case[] = [];
  const sold = new Set<string>();
  const assemble = (entity: Entity, record: LegacyRecord, build: () => Case): void => {
    try {
      cases.push(build());
    } catch (error) {
      findings.push(findingOf(entity, record, error));
    }
  };
  for (const record of records.sale_orders) {
    const quotation = (record['quotation'] ?? '').trim();
    if (quotation !== '') sold.add(quotation);
    if (isSettled('sale_orders', record)) continue;
    assemble('sale_orders', record, () => saleCase(record, index, map, known, now));
  }
  for (const record of records.quotations) {
    if (sold.has(keyOf('quotations', record)) || isSettled('quotations', record)) continue;
    assemble('quotations', record, () => quotationCase(record, index, map, known, now));
  }
  findings.push(
    ...orphans(records, (record) => known.shipments.has(keyOf('fulfilments', record)) || isSettled('fulfilments', record)),
  );
  const byTime = (a: Case, b: Case): number => a.confirmedAt.getTime() - b.confirmedAt.getTime();
  return { cases: cases.sort(byTime), findings };
}

function quotationCase(record: LegacyRecord, index: Index, map: StatusMap, known: Known, now: Date): Case {
  const taken = new Taken();
  const quotation = place(quotationOf(record, index, taken), 'quotation', map, index, now, false);
  checkQuotation(quotation, known);
  return { quotation, sale: null, fulfilments: [], confirmedAt: quotation.createdAt, records: taken.records };
}

function saleCase(record: LegacyRecord, index: Index, map: StatusMap, known: Known, now: Date): Case {
  const taken = new Taken();
  const number = taken.one('sale_orders', record);
  const currency = (record['currency'] ?? '').trim().toUpperCase();
  const fulfilments = taken.all('fulfilments', index.of('fulfilments', 'sale_order', number)).map((each): CaseFulfilment => {
    const own = keyOf('fulfilments', each);
    const returns = taken.all('returns', index.of('returns', 'fulfilment', own)).map((request): CaseReturn => {
      const lines = taken.all('return_lines', index.of('return_lines', 'return', keyOf('returns', request)));
      const read = readReturn(request, lines, currency);
      return {
        ...read,
        target: map.target('return', read.status, returnFacts(read), now),
        events: eventsOf('return', read.number, index),
      };
    });
    const read = readFulfilment(each, taken.all('fulfilment_lines', index.of('fulfilment_lines', 'fulfilment', own)), returns);
    const open = returns.filter(({ target }) => !target.over).length;
    const target = map.target('fulfilment', read.status, fulfilmentFacts(read, open, now), now);
    return { ...read, returns, target, events: eventsOf('fulfilment', read.number, index) };
  });
  const read = readSale(record, {
    fulfilments,
    lines: taken.all('sale_lines', index.of('sale_lines', 'sale_order', number)),
    payments: taken.all('payments', index.of('payments', 'sale_order', number)),
  });
  const open = fulfilments.filter(({ target }) => !target.over).length;
  const sale = {
    ...read,
    target: map.target('sale', read.status, saleFacts(read, open), now),
    events: eventsOf('sale', number, index),
  };
  const quotation = read.quotation === null ? null : soldQuotation(read.quotation, index, taken, map, now);
  if (quotation) checkQuotation(quotation, known);
  checkSale(sale, fulfilments, quotation, known, now);
  return { quotation, sale, fulfilments, confirmedAt: sale.confirmedAt ?? sale.createdAt, records: taken.records };
}

function soldQuotation(number: string, index: Index, taken: Taken, map: StatusMap, now: Date): LegacyQuotation & Placed {
  const [record] = index.of('quotations', 'number', number);
  if (!record) throw new RecordFault('missing', `its quotation ${number} is not there`);
  return place(quotationOf(record, index, taken), 'quotation', map, index, now, true);
}

const quotationOf = (record: LegacyRecord, index: Index, taken: Taken): LegacyQuotation =>
  readQuotation(record, taken.all('quotation_lines', index.of('quotation_lines', 'quotation', taken.one('quotations', record))));

const place = (
  quotation: LegacyQuotation,
  phase: 'quotation',
  map: StatusMap,
  index: Index,
  now: Date,
  hasSale: boolean,
): LegacyQuotation & Placed => ({
  ...quotation,
  target: map.target(phase, quotation.status, quotationFacts(quotation, hasSale, now), now),
  events: eventsOf(phase, quotation.number, index),
});

const eventsOf = (phase: string, number: string, index: Index): LegacyEvent[] =>
  index
    .of('history', 'number', number)
    .filter((record) => (record['entity'] ?? '').trim().toLowerCase() === phase)
    .map(readEvent)
    .sort((a, b) => a.at.getTime() - b.at.getTime());

/** The records that an order is made of, as they come along. */
class Taken {
  readonly records: { entity: Entity; key: string; digest: string }[] = [];

  one(entity: Entity, record: LegacyRecord): string {
    const key = keyOf(entity, record);
    this.records.push({ entity, key, digest: digestOf(record) });
    return key;
  }

  all(entity: Entity, records: readonly LegacyRecord[]): readonly LegacyRecord[] {
    for (const record of records) this.one(entity, record);
    return records;
  }
}

function indexOf(records: LegacyRecords): Index {
  const made = new Map<string, Map<string, LegacyRecord[]>>();
  return {
    of: (entity, column, value) => {
      const name = `${entity}.${column}`;
      let byValue = made.get(name);
      if (!byValue) {
        byValue = new Map();
        for (const record of records[entity]) {
          const own = (record[column] ?? '').trim();
          const known = byValue.get(own);
          if (known) known.push(record);
          else byValue.set(own, [record]);
        }
        made.set(name, byValue);
      }
      return byValue.get(value) ?? [];
    },
  };
}

/** Parts whose whole is not there; a shipment may be of a sale that only we have. */
function orphans(records: LegacyRecords, isOurs: (fulfilment: LegacyRecord) => boolean): Finding[] {
  const wholes: readonly (readonly [Entity, string, Entity])[] = [
    ['quotation_lines', 'quotation', 'quotations'],
    ['sale_lines', 'sale_order', 'sale_orders'],
    ['payments', 'sale_order', 'sale_orders'],
    ['fulfilments', 'sale_order', 'sale_orders'],
    ['fulfilment_lines', 'fulfilment', 'fulfilments'],
    ['returns', 'fulfilment', 'fulfilments'],
    ['return_lines', 'return', 'returns'],
  ];
  return wholes.flatMap(([entity, column, whole]) => {
    const there = new Set(records[whole].map((record) => keyOf(whole, record)));
    return records[entity]
      .filter((record) => !there.has((record[column] ?? '').trim()))
      .filter((record) => entity !== 'fulfilments' || !isOurs(record))
      .map((record) => ({
        entity,
        key: keyOf(entity, record),
        code: 'missing',
        message: `there is no ${column} ${record[column] ?? ''}`,
        record: record as JsonObject,
      }));
  });
}
