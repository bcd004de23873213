import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { eventTypes } from '../../src/contract/events.ts';
import { eventsOfTransition } from '../../src/domain/state-events.ts';
import { readResources, processesFolder } from '../../src/resources.ts';

const source = fileURLToPath(new URL('../../src', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const declared = Object.keys(eventTypes);

/** Every type that is written out in a call that emits; what is put together of parts is tried out by the tests of its owner. */
function emitted(): { file: string; type: string }[] {
  return files.flatMap((file) => {
    const text = readFileSync(path.join(source, file), 'utf8');
    if (!/\bemit\(|Event\(tx/.test(text)) return [];
    const calls = text.matchAll(
      /(?:\btype: |[a-z]Event\(tx, \w+, |const type = [^;]*?)((?:[^;,{}]*?'(?:[a-z]+)\.(?:[a-z-]+)')+)/g,
    );
    return [...calls].flatMap(([, types = '']) =>
      [...types.matchAll(/'([a-z]+\.[a-z-]+)'/g)].map(([, type = '']) => ({ file, type })),
    );
  });
}

describe('declared events', () => {
  it('whatever the code emits is declared', () => {
    const found = emitted();
    expect(found.length).to.be.greaterThan(20);
    const isJob = (type: string): boolean => existsSync(path.join(processesFolder, 'jobs', `${type}.job.schema.json`));
    expect(found.filter(({ type }) => !declared.includes(type) && !isJob(type))).to.deep.equal([]);
  });

  it('whatever a state stands for is declared, for every state of the diagrams', async () => {
    const states = new Set(
      [...(await readResources(processesFolder)).values()].flatMap((xml) =>
        [...xml.matchAll(/name="workflowState" value="(\w+)"/g)].map(([, state = '']) => state),
      ),
    );
    expect(states.size).to.be.greaterThan(20);
    for (const table of ['quotation', 'sale_order', 'fulfilment', 'return_request']) {
      for (const from of [null, ...states]) {
        for (const to of states) expect(declared).to.include.members(eventsOfTransition(table, from, to));
      }
    }
  });

  it('an order is opened, admitted once and told of by what others care for', () => {
    expect(eventsOfTransition('quotation', null, 'DRAFT')).to.deep.equal(['quotation.created']);
    expect(eventsOfTransition('quotation', 'UNDER_NEGOTIATION', 'DRAFT')).to.deep.equal([]);
    expect(eventsOfTransition('sale_order', null, 'OPEN')).to.deep.equal(['sale.opened']);
    expect(eventsOfTransition('sale_order', 'OPEN', 'AWAITING_ADMIN_OVERRIDE')).to.deep.equal([]);
    expect(eventsOfTransition('sale_order', 'AWAITING_ADMIN_OVERRIDE', 'CREDIT_CHECK')).to.deep.equal(['sale.admitted']);
    expect(eventsOfTransition('sale_order', 'AWAITING_ADMIN_OVERRIDE', 'CANCELLING')).to.deep.equal([]);
    expect(eventsOfTransition('fulfilment', null, 'ALLOCATING')).to.deep.equal(['fulfilment.created']);
    expect(eventsOfTransition('fulfilment', 'RETURN_REQUESTED', 'DELIVERED'), 'it was delivered before').to.deep.equal([]);
  });
});
