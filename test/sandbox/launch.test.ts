import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launchSandbox, type LaunchedSandbox } from '../../src/sandbox/launch.ts';

describe('The sandbox beside a service', () => {
  let folder: string;
  const launched: LaunchedSandbox[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'orderflow-launch-'));
  });
  afterEach(async () => {
    await Promise.all(launched.splice(0).map((each) => each.stop()));
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  const launch = async (): Promise<LaunchedSandbox> => {
    const sandbox = await launchSandbox(folder, `whsec_${Buffer.from('a secret for this test').toString('base64')}`);
    launched.push(sandbox);
    return sandbox;
  };

  it('is one for services that start at the same instant', async () => {
    const urls = (await Promise.all([launch(), launch(), launch()])).map(({ url }) => url);
    expect(new Set(urls).size).to.equal(1);
    expect((await fetch(`${urls[0]}/health`)).status).to.equal(200);
  });

  it('starts although a service was killed while it was starting one', async () => {
    // no process has this number: Linux and macOS count to at most 4,194,304
    await writeFile(path.join(folder, 'sandbox.lock'), '99999999');
    expect((await fetch(`${(await launch()).url}/health`)).status).to.equal(200);
  });
});
