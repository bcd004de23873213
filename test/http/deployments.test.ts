import { expect } from 'chai';
import fc from 'fast-check';
import type { FileFinding } from '../../src/contract/finding.ts';
import { processesFolder, readResources } from '../../src/resources.ts';
import type { JsonObject } from '../../src/support/json.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { serve, type Client } from './client.ts';
import { sendFiles } from './forms.ts';

const clerk = '<zeebe:assignmentDefinition candidateGroups="analyst"/>';
/** A process that may be deployed, with its declaration of variables. */
const process = (id: string, title = id): [string, string][] => [
  [
    `${id}.bpmn`,
    b.bpmnNamed(id, b.start('s'), b.element('userTask', { id: 't', name: title }, clerk), b.end('e'), b.flow('s', 't', 'e')),
  ],
  [`${id}.variables.schema.json`, '{"type": "object", "properties": {"note": {"type": ["string", "null"]}}}'],
];
const table = (id: string, answer: string): [string, string] => [
  `${id}.dmn`,
  `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d_${id}" name="d" namespace="http://t"><decision id="${id}" name="Answer"><literalExpression id="x_${id}"><text>${answer}</text></literalExpression></decision></definitions>`,
];

describe('deployments over HTTP', () => {
  let world: World;
  let client: Client;
  before(async () => {
    world = await openWorld();
    client = await serve(world.deps);
  });
  after(async () => {
    await client.close();
    await world.close();
  });
  const deployments = async (): Promise<number> => {
    const [row] = await world.database.query<{ n: number }>('select count(*)::int as n from orderflow.deployment');
    return row!.n;
  };
  const errorsOf = (body: JsonObject): FileFinding[] => body['errors'] as unknown as FileFinding[];

  it('deploys files that belong together as one version, which can be read again', async () => {
    const sent = await sendFiles(client, '/v1/deployments', [...process('memo'), table('memo-answer', '42')]);

    expect(sent.status).to.equal(201);
    const { processes, decisions, deploymentId } = sent.body as {
      processes: JsonObject[];
      decisions: JsonObject[];
      deploymentId: string;
    };
    expect(processes).to.have.length(1);
    expect(processes[0]).to.deep.include({ processId: 'memo', version: 1 });
    expect(decisions[0]).to.deep.include({ decisionId: 'memo-answer', version: 1 });
    expect(sent.headers.get('location')).to.equal(`/v1/deployments/${deploymentId}`);

    const deployment = await client.call('GET', `/v1/deployments/${deploymentId}`, { as: 'auditor' });
    expect(deployment.body).to.deep.include({
      deployedBy: 'analyst',
      files: ['memo-answer.dmn', 'memo.bpmn', 'memo.variables.schema.json'],
    });
    const definition = await client.call('GET', `/v1/process-definitions/${processes[0]!['id'] as string}`, { as: 'auditor' });
    expect(definition.body).to.deep.include({ processId: 'memo', version: 1, latest: true, deploymentId });
    const xml = await client.call('GET', `/v1/decision-definitions/${decisions[0]!['id'] as string}/xml`, { as: 'auditor' });
    expect(xml.text).to.equal(table('memo-answer', '42')[1]);
    const { items } = (await client.call('GET', '/v1/decision-definitions', { as: 'auditor' })).body as { items: JsonObject[] };
    expect(items.map((item) => item['decisionId'])).to.include.members(['memo-answer', 'credit-check']);
  });

  it('refuses what would start the process of an order without an order', async () => {
    const stray = b.bpmnNamed(
      'sale',
      b.start('s'),
      b.element('startEvent', { id: 'm' }, '<bpmn:messageEventDefinition id="md" messageRef="M"/>'),
      b.end('e'),
      b.flow('s', 'e'),
      b.flow('m', 'e'),
      b.message('M'),
    );
    const files: [string, string][] = [
      ['sale.bpmn', stray],
      ['sale.variables.schema.json', '{"type": "object"}'],
    ];

    const sent = await sendFiles(client, '/v1/deployments', files);

    expect(sent.body['code']).to.equal('definition-refused');
    const found = errorsOf(sent.body).map(({ file, elementId, rule }) => [file, elementId, rule]);
    expect(found).to.deep.equal([['sale.bpmn', 'm', 'start']]);
  });

  it('refuses a process that starts by a message of orders, and would take it from them', async () => {
    const begin = b.element('startEvent', { id: 's' }, '<bpmn:messageEventDefinition id="md" messageRef="inventory.available"/>');
    const sent = await sendFiles(client, '/v1/deployments', [
      ['taker.bpmn', b.bpmnNamed('taker', begin, b.end('e'), b.flow('s', 'e'), b.message('inventory.available'))],
      ['taker.variables.schema.json', '{"type": "object"}'],
    ]);

    const found = errorsOf(sent.body).map(({ file, elementId, rule }) => [file, elementId, rule]);
    expect(found).to.deep.equal([['taker.bpmn', 's', 'message']]);
  });

  it('the same content again is nothing new, another content is the next version, and going back is one more', async () => {
    const versions = async (...files: [string, string][]): Promise<unknown> => {
      const { status, body } = await sendFiles(client, '/v1/deployments', files);
      return [status, body['isNew'], (body['processes'] as { version: number }[])[0]?.version];
    };
    expect(await versions(...process('again'))).to.deep.equal([201, true, 1]);
    expect(await versions(...process('again'))).to.deep.equal([200, false, 1]);
    expect(await versions(...process('other'))).to.deep.equal([201, true, 1]);
    expect(await versions(...process('again')), 'something else was deployed meanwhile').to.deep.equal([200, false, 1]);
    expect(await versions(...process('again', 'New title'))).to.deep.equal([201, true, 2]);
    expect(await versions(...process('again'))).to.deep.equal([201, true, 3]);
  });

  it('of two files with one name in two folders each is looked at', async () => {
    const [[, left], [, leftDeclared]] = process('left') as [[string, string], [string, string]];
    const [[, right], [, rightDeclared]] = process('right') as [[string, string], [string, string]];
    const [[, renamed]] = process('left', 'New title') as [[string, string]];
    const send = (first: string) =>
      sendFiles(client, '/v1/deployments', [
        ['left/p.bpmn', first],
        ['right/p.bpmn', right],
        ['left.variables.schema.json', leftDeclared],
        ['right.variables.schema.json', rightDeclared],
      ]);

    const answers = [await send(left), await send(left), await send(renamed)];

    expect(answers.map(({ status, body }) => [status, body['isNew']])).to.deep.equal([
      [201, true],
      [200, false],
      [201, true],
    ]);
  });

  it('what is shipped is nothing new, although browsers send names without folders', async () => {
    const shipped = [...(await readResources(processesFolder))].map(([name, text]) => [name.split('/').at(-1)!, text] as const);
    const { status, body } = await sendFiles(client, '/v1/deployments', shipped);
    expect([status, body['isNew']]).to.deep.equal([200, false]);
  });

  it('20 callers at once with the same files make one version', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => sendFiles(client, '/v1/deployments', process('crowd'))));
    expect(answers.filter(({ status }) => status === 201)).to.have.length(1);
    expect(new Set(answers.map(({ body }) => body['deploymentId'])).size).to.equal(1);
  });

  it('refuses all when one file is wrong: 422 with file, element, rule and a page about it', async () => {
    const before = await deployments();
    const broken = b.bpmnNamed(
      'broken',
      b.start('s'),
      b.element('userTask', { id: 'nobody' }),
      b.end('e'),
      b.flow('s', 'nobody', 'e'),
    );

    const { status, body } = await sendFiles(client, '/v1/deployments', [...process('whole'), ['broken.bpmn', broken]]);

    expect([status, body['code']]).to.deep.equal([422, 'definition-refused']);
    const [error] = errorsOf(body).filter(({ severity }) => severity === 'error');
    expect(error).to.deep.include({
      file: 'broken.bpmn',
      elementId: 'nobody',
      rule: 'assignment',
      help: '/docs/lint#assignment',
    });
    expect(error?.message).to.contain('assigned to nobody');
    expect(await deployments()).to.equal(before);
    const page = await client.call('GET', '/docs/lint');
    expect(page.text).to.contain('<section id="assignment">');
  });

  it('a dry run says what would become of it and writes nothing', async () => {
    const before = await deployments();
    const { status, body } = await sendFiles(client, '/v1/deployments?dryRun=true', process('tried'));
    expect(status).to.equal(200);
    expect(body).to.deep.include({ dryRun: true });
    expect((body['result'] as { isNew: boolean }).isNew).to.equal(true);
    expect(await deployments()).to.equal(before);
    const refused = await sendFiles(client, '/v1/deployments?dryRun=true', [['x.bpmn', '<a/>']]);
    expect(refused.status).to.equal(422);
  });

  it('under the same key the same files get the same answer, other files are refused', async () => {
    const headers = { 'Idempotency-Key': 'deploy-once' };
    const first = await sendFiles(client, '/v1/deployments', process('keyed'), { headers });
    const second = await sendFiles(client, '/v1/deployments', process('keyed'), { headers });
    expect([second.status, second.headers.get('idempotency-replayed')]).to.deep.equal([201, 'true']);
    expect(second.body).to.deep.equal(first.body);
    const other = await sendFiles(client, '/v1/deployments', process('keyed', 'other'), { headers });
    expect(other.body['code']).to.equal('idempotency-key-reused');
  });

  it('linting answers 200 with everything that is wrong, for whoever is known, and keeps nothing', async () => {
    const before = await deployments();
    const good = await sendFiles(client, '/v1/definitions/lint', process('good'), { as: 'sales' });
    expect([good.status, good.body['accepted']]).to.deep.equal([200, true]);
    expect((good.body['findings'] as FileFinding[]).map(({ rule, severity }) => [rule, severity])).to.deep.equal([
      ['layout-missing', 'warning'],
    ]);
    const bad = await sendFiles(client, '/v1/definitions/lint', process('good').slice(0, 1), { as: 'sales' });
    expect(bad.body['accepted']).to.equal(false);
    expect((bad.body['findings'] as FileFinding[])[0]).to.deep.include({
      file: 'good.bpmn',
      rule: 'variables-declared',
      elementId: 'good',
    });
    expect(await deployments()).to.equal(before);
  });

  it('only an analyst or an order_admin deploys', async () => {
    const { status, body } = await sendFiles(client, '/v1/deployments', process('mine'), { as: 'sales' });
    expect([status, body['code']]).to.deep.equal([403, 'forbidden']);
  });

  it('the job types of the newest versions, with what goes in and out', async () => {
    const { items } = (await client.call('GET', '/v1/job-types', { as: 'analyst' })).body as { items: JsonObject[] };
    const declared = [...(await readResources(processesFolder)).keys()].filter((name) => name.endsWith('.job.schema.json'));
    expect(items).to.have.length(declared.length);
    expect(items.find((item) => item['type'] === 'inventory.reserve')).to.deep.include({ handledHere: true });
  });

  it('a form with anything but files with different names is refused before it is read', async () => {
    const json = await client.call('POST', '/v1/deployments', { as: 'analyst', body: { files: [] } });
    expect([json.status, json.body['code']]).to.deep.equal([415, 'unsupported-media-type']);
    const type = 'multipart/form-data; boundary=x';
    const raw = async (body: string, contentType = type): Promise<unknown[]> => {
      const answer = await client.call('POST', '/v1/deployments', {
        as: 'analyst',
        raw: body,
        headers: { 'Content-Type': contentType },
      });
      return [answer.status, answer.body['code'], answer.body['detail']];
    };
    const part = (name: string, content = 'a'): string => `--x\r\nContent-Disposition: form-data; ${name}\r\n\r\n${content}\r\n`;
    for (const [body, contentType, why] of [
      ['', 'multipart/form-data', 'names no boundary'],
      ['hello', type, 'does not begin with its boundary'],
      [part('name="files[]"; filename="a.bpmn"'), type, 'does not end'],
      [`${part('name="note"')}--x--\r\n`, type, 'the part "note" is no file'],
      [`${part('name="f"; filename="a"').repeat(2)}--x--`, type, 'two files called a'],
      [`${part('name="f"; filename="a"', 'a\u0000')}--x--`, type, 'U+0000'],
    ] as const) {
      const [status, code, detail] = await raw(body, contentType);
      expect([status, code], why).to.deep.equal([400, 'malformed-request']);
      expect(detail).to.contain(why);
    }
    expect((await raw('--x--\r\n'))[1], 'no file').to.equal('validation-failed');
    const latin = await sendFiles(client, '/v1/deployments', [['a.bpmn', new Uint8Array([0x3c, 0xe4, 0x2f, 0x3e])]]);
    expect([latin.status, latin.body['detail']]).to.deep.equal([
      400,
      'The form cannot be read: a.bpmn is not in UTF-8, or nobody knows that encoding. Save it in UTF-8.',
    ]);
    const large = await sendFiles(client, '/v1/deployments', [['a.bpmn', ' '.repeat(6_000_001)]]);
    expect([large.status, large.body['code']]).to.deep.equal([413, 'payload-too-large']);
  });

  it('whatever is sent as a form is refused by a 4xx', async () => {
    const pieces = fc.constantFrom(
      '--x',
      '--x--',
      '\r\n',
      '\r\n\r\n',
      '--',
      'Content-Disposition: form-data; name="f"; filename="a.bpmn"',
      'filename="',
      '"',
      '<a/>',
      '\u00e4',
      '\0',
      '%00',
    );
    const body = fc.array(fc.oneof({ weight: 5, arbitrary: pieces }, fc.string({ unit: 'binary', maxLength: 20 })), {
      maxLength: 15,
    });
    await fc.assert(
      fc.asyncProperty(body, fc.boolean(), async (parts, begins) => {
        const raw = `${begins ? '--x\r\n' : ''}${parts.join('')}`;
        const headers = { 'Content-Type': 'multipart/form-data; boundary=x' };
        const { status } = await client.call('POST', '/v1/deployments', { as: 'analyst', raw, headers });
        expect(status).to.be.within(400, 499);
      }),
      { numRuns: 200 },
    );
  });
});
