import { expect } from 'chai';
import { signWebhook, verifyWebhook, type WebhookToVerify } from '../../src/support/webhook-signature.ts';

/** The published example of the Standard Webhooks libraries. */
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const otherSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const sentAt = new Date(1_614_265_330_000);
const body = '{"test": 2432232314}';
const headers = { ...signWebhook({ id, sentAt, body, secrets: [secret] }) };

const verify = (changed: Partial<WebhookToVerify>) =>
  verifyWebhook({ headers, body, secrets: [secret], now: sentAt, ...changed });
const reason = (changed: Partial<WebhookToVerify>) => {
  const verdict = verify(changed);
  return verdict.genuine ? 'genuine' : verdict.reason;
};
const after = (ms: number) => new Date(sentAt.getTime() + ms);

describe('Webhook signatures', () => {
  it('are those of the Standard Webhooks specification', () => {
    expect(headers).to.deep.equal({
      'webhook-id': id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
    expect(verify({})).to.deep.equal({ genuine: true, id });
    expect(verify({ body: Buffer.from(body) })).to.deep.equal({ genuine: true, id });
  });

  it('do not fit a changed body, id, timestamp or signature', () => {
    const wrong = 'webhook-signature fits none of the known secrets and this body';
    expect(reason({ body: body.replace('2', '3') })).to.equal(wrong);
    expect(reason({ headers: { ...headers, 'webhook-id': 'msg_other' } })).to.equal(wrong);
    expect(reason({ headers: { ...headers, 'webhook-timestamp': '1614265331' } })).to.equal(wrong);
    for (const signature of [
      '',
      'v1,',
      'v1,AAAA',
      'v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
      'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    ]) {
      expect(reason({ headers: { ...headers, 'webhook-signature': signature } }), signature).to.equal(wrong);
    }
    expect(reason({ secrets: [otherSecret] })).to.equal(wrong);
    expect(reason({ secrets: [] })).to.equal(wrong);
  });

  it('are refused five minutes too old or too new, not a moment earlier', () => {
    expect(reason({ now: after(300_000) })).to.equal('genuine');
    expect(reason({ now: after(-300_000) })).to.equal('genuine');
    expect(reason({ now: after(300_001) })).to.match(/^webhook-timestamp is more than 300 s from .*; check both clocks$/);
    expect(reason({ now: after(-300_001) })).to.match(/^webhook-timestamp is more than 300 s/);
    expect(reason({ now: after(2_000), toleranceMs: 1_000 })).to.match(/more than 1 s/);
  });

  it('may be several, and the secrets too, while one is being replaced', () => {
    expect(reason({ secrets: [otherSecret, secret] })).to.equal('genuine');
    const both = { ...signWebhook({ id, sentAt, body, secrets: [otherSecret, secret] }) };
    expect(reason({ headers: both, secrets: [secret] })).to.equal('genuine');
    expect(reason({ headers: both, secrets: [otherSecret] })).to.equal('genuine');
    const unknownVersionFirst = { ...headers, 'webhook-signature': `v2,abc ${headers['webhook-signature']}` };
    expect(reason({ headers: unknownVersionFirst })).to.equal('genuine');
  });

  it('name the header that is missing or malformed', () => {
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
      expect(reason({ headers: { ...headers, [name]: undefined } })).to.include(`${name} is missing`);
    }
    expect(reason({ headers: { ...headers, 'webhook-timestamp': '1614265330.5' } })).to.include('not a number of seconds');
  });

  it('are never made or checked with a secret that is none', () => {
    for (const bad of ['', 'whsec_', 'whsec_c2hvcnQ=', 'a password that is long enough']) {
      expect(() => signWebhook({ id, sentAt, body, secrets: [bad] }), bad).to.throw(RangeError, 'openssl rand');
      expect(() => verify({ secrets: [bad] }), bad).to.throw(RangeError);
    }
  });
});
