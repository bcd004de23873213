import { expect } from 'chai';
import { orderflow } from './run.ts';

describe('the command line', () => {
  for (const [args, complaint] of [
    [[], /Which command\? There are start, demo, audit, migrate, lint, declare, deploy, .*doctor\./],
    [['frobnicate'], /There is no command frobnicate\. There are start, demo, audit, /],
    [['audit', '--everything'], /Unknown option '--everything'\n\nUsage: orderflow audit \[--drained\]/],
    [['doctor', 'me'], /There is no room for "me"[^]*Usage: orderflow doctor \[--json\]/],
    [['migrate', '--check', '--snapshot'], /one at a time/],
  ] as const) {
    it(`"orderflow ${args.join(' ')}" is wrong usage: exit code 2, and what would be right`, async () => {
      const { code, out, err } = await orderflow(args);
      expect([code, out]).to.deep.equal([2, '']);
      expect(err).to.match(complaint);
    });
  }

  it('--help names every command, and each command tells more', async () => {
    const { code, out } = await orderflow(['--help']);
    expect(code).to.equal(0);
    const names = [...out.matchAll(/^ {2}([\w-]+) {2,}/gm)].map(([, name]) => name ?? '');
    expect(names).to.include.members([
      'start',
      'demo',
      'audit',
      'migrate',
      'lint',
      'deploy',
      'flags',
      'backfill',
      'legacy-sample',
      'rollout',
      'doctor',
    ]);
    const helps = await Promise.all(
      ['demo', 'lint', 'deploy', 'backfill', 'rollout', 'doctor'].map((name) => orderflow([name, '--help'])),
    );
    for (const help of helps)
      expect([help.code, help.out]).to.satisfy(() => help.code === 0 && help.out.includes('Usage: orderflow '));
  });

  it('settings that cannot be used are an error that names them', async () => {
    const { code, err } = await orderflow(['audit'], { PORT: 'many' });
    expect(code).to.equal(1);
    expect(err).to.match(/orderflow audit: The settings cannot be used:[^]*PORT/);
  });
});
