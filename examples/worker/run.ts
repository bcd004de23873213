import { setTimeout as sleep } from 'node:timers/promises';
import { call } from 'orderflow/client';
import { deployProcess } from './deploy.ts';
import { startScanner } from './scan.ts';
import { settings } from './settings.ts';

interface Instance {
  readonly id: string;
  readonly businessKey: string;
  readonly status: string;
  readonly waits: readonly { readonly kind: string; readonly name?: string }[];
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const operator = { url: settings.url, token: 'demo-operator' };

const texts = ['A letter about the weather.', 'The secret plans of the new factory.', ''];

const version = await deployProcess();
say(`document-check is deployed in version ${version}`);

const run = Date.now().toString(36);
const documents: Instance[] = [];
for (const [index, text] of texts.entries()) {
  const key = `D-${run}-${index + 1}`;
  const body = { processId: 'document-check', businessKey: key, variables: { document: { id: key, text } } };
  documents.push(await call<Instance>(operator, 'POST', '/v1/process-instances', { body, key }));
  say(`started ${key}`);
}

const worker = startScanner((line) => say(`  worker: ${line}`));
for (const { id } of documents) {
  for (;;) {
    const { businessKey, status, waits } = await call<Instance>(operator, 'GET', `/v1/process-instances/${id}`);
    if (status === 'running' && waits.some((wait) => wait.kind === 'job')) {
      await sleep(100);
      continue;
    }
    const waitsFor = waits.map((wait) => `${wait.name ?? wait.kind} (${wait.kind})`).join(', ');
    say(`${businessKey} is ${status}${waitsFor && `, and waits for ${waitsFor}`}`);
    break;
  }
}
await worker.stop();
