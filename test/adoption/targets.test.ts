import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fastForward } from '../../src/commands/adoption/fast-forward.ts';
import { RecordFault } from '../../src/commands/adoption/records.ts';
import { readStatusMap, type Phase } from '../../src/commands/adoption/status-map.ts';
import { compileBundle, type Bundle, type Definition } from '../../src/commands/definitions.ts';
import { processesFolder, readResources } from '../../src/resources.ts';
import { initialVariables } from '../../src/rules/index.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { shippedMap } from './world.ts';

const now = new Date('2026-03-02T12:00:00Z');
const later = '2026-03-20T12:00:00.000Z';
const id = '018f0000-0000-7000-8000-000000000001';
const override = { id, kind: 'CREDIT', status: 'PENDING', approverRole: 'credit_manager', expiresAt: later };
const sale = { id, number: 'L-1', customerId: id, currency: 'EUR', totalMinor: 100, result: null };
const quotation = {
  id,
  number: 'L-1',
  customerId: id,
  currency: 'EUR',
  offerRevision: 1,
  totalMinor: 100,
  marginBp: 0,
  maxLineDiscountBp: 0,
  validUntil: later,
  remindAt: later,
  result: null,
};
const facts: Readonly<Record<Phase, JsonObject>> = {
  quotation: { quotation, override, approval: { level: 'L1', approvals: 1, decideHours: 8, useDays: 7 } },
  sale: {
    sale,
    override,
    method: 'TERMS',
    attempts: 0,
    captured: 0,
    fulfilments: 1,
    excessMinor: 0,
    admission: { customerStatus: 'ACTIVE', restrictedGoods: false, firstOrder: false, outcome: null, reasonCode: null },
    payment: { method: 'TERMS', onTermsMinor: 100, prepayMinor: 0, attempts: 0, dueAt: later },
  },
  fulfilment: {
    fulfilment: { id, number: 'L-1', saleId: id, location: 'MAIN', backorderOfId: null },
    pieces: 5,
    shipment: { carrier: 'c', tracking: 't', shippedAt: null, deliveredAt: null },
    returnWindow: { endsAt: later },
    returns: { open: 1, allReturned: false, windowOpen: true },
  },
  return: { rma: { number: 'RMA-1', expiresAt: later } },
};
const prepaid = { method: 'PREPAY', payment: { method: 'PREPAY', onTermsMinor: 0, prepayMinor: 100, attempts: 0, dueAt: later } };

/** Where each state of an order that goes on is waited in, with the timers of the adoption's day. */
const targets: readonly (readonly [Phase, string, string, JsonObject?])[] = [
  ['quotation', 'DRAFT', 'q_b_withdraw q_draft'],
  ['quotation', 'AWAITING_PRICE_OVERRIDE', 'q_b_override_exp q_b_withdraw q_price_override'],
  ['quotation', 'SENT', 'q_b_remind q_b_valid q_b_withdraw q_customer'],
  ['sale', 'AWAITING_PAYMENT_METHOD', 's_b_abandon s_b_cancel s_b_changed s_method', { method: null }],
  ['sale', 'AWAITING_PAYMENT', 's_await_payment s_b_cancel s_b_changed s_b_declined s_b_pay_due', prepaid],
  ['sale', 'CREDIT_CHECK', 's_b_cancel s_b_changed s_credit'],
  ['sale', 'AWAITING_CREDIT_OVERRIDE', 's_b_cancel s_b_changed s_b_credit_exp s_b_freed1 s_credit_override'],
  ['sale', 'CREDIT_HOLD', 's_b_cancel s_b_changed s_b_hold_max s_b_hold_method s_credit_hold'],
  ['sale', 'AWAITING_ADMIN_OVERRIDE', 's_admin_override s_b_admin_exp s_b_cancel s_b_changed'],
  ['sale', 'CLEARED', 's_b_cancel2 s_fulfilment'],
  ['sale', 'CLEARED', 's_b_cancel2 s_fulfilment', prepaid],
  ['fulfilment', 'PICKING', 'f_b_cancel f_b_dealloc f_pick'],
  ['fulfilment', 'BACKORDERED', 'f_b_bo_review f_b_cancel f_b_dealloc f_backordered'],
  ['fulfilment', 'ON_HOLD', 'f_b_cancel f_b_dealloc f_b_hold f_hold'],
  ['fulfilment', 'PACKING', 'f_b_cancel f_b_dealloc f_pack'],
  ['fulfilment', 'SHIPPED', 'f_b_exc f_b_silence f_transit'],
  ['fulfilment', 'DELIVERED', 'f_ret_req f_window_end'],
  ['fulfilment', 'RETURN_REQUESTED', 'f_returns'],
  ['return', 'RETURN_UNDER_REVIEW', 'r_review'],
  ['return', 'RETURN_AUTHORIZED', 'r_b_cancel r_b_exp r_goods'],
  ['return', 'RETURN_INSPECTION', 'r_inspect'],
];

describe('fast-forward', () => {
  let bundle: Bundle;
  before(async () => (bundle = await compileBundle(await readResources(processesFolder))));

  const definitionOf = (phase: Phase): Definition => {
    const process = bundle.processes.find((each) => each.process.processId === phase)?.process;
    if (!process) throw new Error(`no process ${phase}`);
    return { ...bundle, process, id: phase, deploymentId: phase, version: 1, variables: bundle.variables.get(phase) ?? {} };
  };
  const go = async (phase: Phase, target: string, other: JsonObject = {}) => {
    const known: JsonObject = { ...facts[phase], ...other };
    const definition = definitionOf(phase);
    const own =
      phase === 'return'
        ? { returnRequest: { ...(initialVariables(definition.variables)['returnRequest'] as JsonObject), id } }
        : { [phase]: known[phase] ?? null };
    const variables = { ...initialVariables(definition.variables), ...own };
    const job = target === 'CREDIT_CHECK' ? { job: 'credit.decide' } : {};
    return fastForward(definition, {
      target,
      variables,
      facts: known,
      answers: (await shippedMap()).answers[phase],
      now,
      ...job,
    });
  };

  for (const [phase, target, waits, other] of targets) {
    it(`${phase} ${target}${other ? ` ${JSON.stringify(other['method'])}` : ''}: ${waits}`, async () => {
      const { open, entered } = await go(phase, target, other);
      expect(
        open
          .map(({ elementId }) => elementId)
          .sort()
          .join(' '),
      ).to.equal(waits);
      expect(entered.at(-1)?.workflowState).to.equal(target);
      for (const { timer } of open) if (timer) expect(new Date(timer.dueAt)).to.be.greaterThan(now);
    });
  }

  it('covers every state that the mapping gives to an order that goes on', async () => {
    const { statuses } = JSON.parse(await readFile(path.join(processesFolder, 'legacy-status.json'), 'utf8')) as {
      statuses: { entity: Phase; state: string; over?: boolean }[];
    };
    const mapped = new Set(statuses.filter(({ over }) => over !== true).map(({ entity, state }) => `${entity} ${state}`));
    expect([...mapped].sort()).to.deep.equal([...new Set(targets.map(([phase, state]) => `${phase} ${state}`))].sort());
  });

  it('a state that the diagram does not reach is a finding that tells the way', async () => {
    const error = await go('sale', 'SHIPPED').catch((fault: unknown) => fault);
    expect(error).to.be.instanceOf(RecordFault).with.property('code', 'not-reached');
    expect((error as Error).message).to.match(
      /^SHIPPED cannot be reached \(OPEN > CREDIT_CHECK > RESERVING > CLEARED\): nothing answers/,
    );
  });
});

describe('the status mapping', () => {
  const read = async (change: (file: { statuses: { when?: string; status: string[] }[] }) => void) => {
    const file = JSON.parse(await readFile(path.join(processesFolder, 'legacy-status.json'), 'utf8')) as never;
    change(file);
    return readStatusMap(JSON.stringify(file));
  };
  const factsOf = (captured: number) => ({ captured, shipped: 0, openFulfilments: 0 });

  it('unknown is unknown, and what fits no condition contradicts the facts', async () => {
    const map = await shippedMap();
    expect(map.target('sale', 'VOID', factsOf(0), now)).to.deep.equal({ state: 'CANCELLED', over: true });
    expect(() => map.target('sale', 'VOID', factsOf(5), now)).to.throw(
      RecordFault,
      /VOID does not fit the facts .*"captured":5.*CANCELLED if/,
    );
    expect(() => map.target('sale', 'MELTED', {}, now)).to.throw(
      RecordFault,
      'nobody has said what the status MELTED of a sale means here',
    );
    expect(() => map.past('sale', 'MELTED')).to.throw(RecordFault, 'in the history of a sale');
  });

  it('can be changed without code', async () => {
    const map = await read(({ statuses }) => statuses.find(({ status }) => status.includes('VOID'))?.status.push('MELTED'));
    expect(map.target('sale', 'MELTED', factsOf(0), now).state).to.equal('CANCELLED');
  });

  it('is refused when it cannot be used, with what is wrong', async () => {
    const broken = read(({ statuses }) => void Object.assign(statuses[0] ?? {}, { when: 'captured = = 0' }));
    expect(await broken.catch((error: unknown) => String(error))).to.match(/The status mapping cannot be used: "captured = = 0"/);
    const odd = read(({ statuses }) => void Object.assign(statuses[0] ?? {}, { colour: 'red' }));
    expect(await odd.catch((error: unknown) => String(error))).to.match(/The status mapping cannot be used: .*colour/);
  });
});
