import { expect } from 'chai';
import { FailureLimit } from '#src/http/failure-limit.js';

describe('FailureLimit', () => {
  let now: number;
  let limit: FailureLimit;
  beforeEach(() => {
    now = 1_000_000;
    limit = new FailureLimit({ burst: 3, perSecond: 0.5 }, { now: () => now });
  });

  it('allows a burst of failures, and reports the failure that exhausts it', () => {
    const exhausted = Array.from({ length: 5 }, () => limit.fail('192.0.2.1'));
    expect(exhausted).to.deep.equal([false, false, true, false, false]);
    expect(limit.waitSeconds('192.0.2.1')).to.equal(2);
  });

  it('allows another failure after some time', () => {
    for (let nth = 0; nth < 3; nth++) limit.fail('192.0.2.1');
    now += 1999;
    expect(limit.waitSeconds('192.0.2.1')).to.equal(1);
    now += 1;
    expect(limit.waitSeconds('192.0.2.1')).to.equal(0);
    limit.fail('192.0.2.1');
    expect(limit.waitSeconds('192.0.2.1')).to.equal(2);
  });

  it('never allows more than a burst, also after a long time without failures', () => {
    limit.fail('192.0.2.1');
    now += 1e9;
    expect(Array.from({ length: 4 }, () => limit.fail('192.0.2.1'))).to.deep.equal([false, false, true, false]);
  });

  it('counts each address separately: an IPv6 subnet is one address, and both spellings of an IPv4 address are one', () => {
    for (let nth = 0; nth < 3; nth++) limit.fail(`2001:db8:1:2::${nth}`);
    for (let nth = 0; nth < 3; nth++) limit.fail('::ffff:192.0.2.1');
    expect(limit.waitSeconds('2001:db8:1:2:ffff::1')).to.equal(2);
    expect(limit.waitSeconds('2001:db8:1:3::1')).to.equal(0);
    expect(limit.waitSeconds('192.0.2.1')).to.equal(2);
    expect(limit.waitSeconds('192.0.2.2')).to.equal(0);
  });

  it('remembers a limited number of addresses, the latest to fail', () => {
    for (let nth = 0; nth < 3; nth++) limit.fail('192.0.2.1');
    for (let nth = 0; nth < 9_999; nth++) limit.fail(`10.0.${nth >> 8}.${nth & 255}`);
    expect(limit.waitSeconds('192.0.2.1')).to.equal(2);
    limit.fail('10.99.0.1');
    expect(limit.waitSeconds('192.0.2.1')).to.equal(0);
  });

  it('tolerates a clock that goes back', () => {
    for (let nth = 0; nth < 3; nth++) limit.fail('192.0.2.1');
    now -= 60_000;
    expect(limit.waitSeconds('192.0.2.1')).to.equal(2);
  });
});
