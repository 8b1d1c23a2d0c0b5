import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { hintFault, signHint } from '#src/http/hint-signature.js';

const SECRET = 'a webhook secret';
const NOW = Date.UTC(2026, 10, 22, 12);
const NOW_SECONDS = String(NOW / 1000);
const BODY = Buffer.from('{"appointmentId": "700123"}');

function faultOf(change: { timestamp?: string; signature?: string; body?: Buffer } = {}): string | null {
  const { timestamp = NOW_SECONDS, body = BODY } = change;
  const signature = change.signature ?? signHint(SECRET, timestamp, BODY);
  return hintFault(SECRET, { timestamp, signature }, body, NOW);
}

describe('the signature of a hint', () => {
  it('is the HMAC-SHA256 of "<timestamp>.<raw body>", in hex', () => {
    const expected = createHmac('sha256', SECRET).update(`${NOW_SECONDS}.{"appointmentId": "700123"}`).digest('hex');
    expect(signHint(SECRET, NOW_SECONDS, BODY)).to.equal(`sha256=${expected}`);
  });

  describe('that is valid', () => {
    it('is accepted', () => expect(faultOf()).to.equal(null));

    it('is accepted with upper-case hex digits', () => {
      const signature = signHint(SECRET, NOW_SECONDS, BODY).toUpperCase();
      expect(faultOf({ signature })).to.equal(null);
    });

    for (const seconds of [-300, 300]) {
      it(`is accepted if its timestamp is ${seconds} s from our clock`, () => {
        expect(faultOf({ timestamp: String(NOW / 1000 + seconds) })).to.equal(null);
      });
    }
  });

  describe('that is invalid', () => {
    const cases: readonly [string, { timestamp?: string; signature?: string; body?: Buffer }, RegExp][] = [
      ['missing', { signature: '' }, /X-Loft-Signature is missing/],
      ['without its prefix', { signature: signHint(SECRET, NOW_SECONDS, BODY).slice(7) }, /not the signature/],
      ['made with another secret', { signature: signHint('another', NOW_SECONDS, BODY) }, /not the signature/],
      ['made of another body', { body: Buffer.from('{"appointmentId": "700124"}') }, /not the signature/],
      ['made of another timestamp', { signature: signHint(SECRET, String(NOW / 1000 - 1), BODY) }, /not the signature/],
      ['older than 5 minutes', { timestamp: String(NOW / 1000 - 301) }, /more than 5 minutes/],
      ['from more than 5 minutes ahead', { timestamp: String(NOW / 1000 + 301) }, /more than 5 minutes/],
      ['without a timestamp', { timestamp: '' }, /X-Loft-Timestamp is missing/],
      ['with a timestamp that is not a number', { timestamp: `${NOW_SECONDS}x` }, /is not a number/],
      ['with a timestamp in milliseconds', { timestamp: String(NOW) }, /is in milliseconds/],
      ['with an old timestamp in milliseconds', { timestamp: String(NOW - 400_000) }, /is not a number/],
    ];
    for (const [what, change, words] of cases) {
      it(`is refused, with the reason: ${what}`, () => expect(faultOf(change)).to.match(words));
    }
  });
});
