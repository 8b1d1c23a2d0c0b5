import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { isHintSigned, signHint } from '#src/http/hint-signature.js';

const SECRET = 'a webhook secret';
const NOW = Date.UTC(2026, 10, 22, 12);
const NOW_SECONDS = String(NOW / 1000);
const BODY = Buffer.from('{"appointmentId": "700123"}');

function isSigned(change: { timestamp?: string; signature?: string; body?: Buffer } = {}): boolean {
  const { timestamp = NOW_SECONDS, body = BODY } = change;
  const signature = change.signature ?? signHint(SECRET, timestamp, BODY);
  return isHintSigned(SECRET, { timestamp, signature }, body, NOW);
}

describe('the signature of a hint', () => {
  it('is the HMAC-SHA256 of "<timestamp>.<raw body>", in hex', () => {
    const expected = createHmac('sha256', SECRET).update(`${NOW_SECONDS}.{"appointmentId": "700123"}`).digest('hex');
    expect(signHint(SECRET, NOW_SECONDS, BODY)).to.equal(`sha256=${expected}`);
  });

  describe('that is right', () => {
    it('is accepted', () => expect(isSigned()).to.equal(true));

    it('is accepted with its hex in capitals', () => {
      const signature = signHint(SECRET, NOW_SECONDS, BODY).toUpperCase();
      expect(isSigned({ signature })).to.equal(true);
    });

    for (const seconds of [-300, 300]) {
      it(`is accepted ${seconds} s from our clock`, () => {
        expect(isSigned({ timestamp: String(NOW / 1000 + seconds) })).to.equal(true);
      });
    }
  });

  describe('that is wrong', () => {
    const cases: readonly [string, { timestamp?: string; signature?: string; body?: Buffer }][] = [
      ['missing', { signature: '' }],
      ['without its prefix', { signature: signHint(SECRET, NOW_SECONDS, BODY).slice(7) }],
      ['made with another secret', { signature: signHint('another', NOW_SECONDS, BODY) }],
      ['made of another body', { body: Buffer.from('{"appointmentId": "700124"}') }],
      ['made of another timestamp', { signature: signHint(SECRET, String(NOW / 1000 - 1), BODY) }],
      ['older than 5 minutes', { timestamp: String(NOW / 1000 - 301) }],
      ['from more than 5 minutes ahead', { timestamp: String(NOW / 1000 + 301) }],
      ['without a timestamp', { timestamp: '' }],
      ['with a timestamp that is no number', { timestamp: `${NOW_SECONDS}x` }],
      ['with a timestamp in milliseconds', { timestamp: String(NOW) }],
    ];
    for (const [what, change] of cases) {
      it(`is refused: ${what}`, () => expect(isSigned(change)).to.equal(false));
    }
  });
});
