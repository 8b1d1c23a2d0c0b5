import { expect } from 'chai';
import { FailureLimit } from '#src/http/failure-limit.js';

describe('FailureLimit', () => {
  let now: number;
  let limit: FailureLimit;
  beforeEach(() => {
    now = 1_000_000;
    limit = new FailureLimit({ burst: 3, perSecond: 0.5 }, { now: () => now });
  });

  it('lets so many failures pass at once, and tells the one that used them up', () => {
    const told = Array.from({ length: 5 }, () => limit.fail('192.0.2.1'));
    expect(told).to.deep.equal([false, false, true, false, false]);
    expect(limit.waitSeconds('192.0.2.1')).to.equal(2);
  });

  it('lets another one pass when some time has gone by', () => {
    for (let nth = 0; nth < 3; nth++) limit.fail('192.0.2.1');
    now += 1999;
    expect(limit.waitSeconds('192.0.2.1')).to.equal(1);
    now += 1;
    expect(limit.waitSeconds('192.0.2.1')).to.equal(0);
    limit.fail('192.0.2.1');
    expect(limit.waitSeconds('192.0.2.1')).to.equal(2);
  });

  it('never lets more than a burst pass, however long nobody failed', () => {
    limit.fail('192.0.2.1');
    now += 1e9;
    expect(Array.from({ length: 4 }, () => limit.fail('192.0.2.1'))).to.deep.equal([false, false, true, false]);
  });

  it('counts each address by itself; an IPv6 subnet is one, and so is an IPv4 address in either spelling', () => {
    for (let nth = 0; nth < 3; nth++) limit.fail(`2001:db8:1:2::${nth}`);
    for (let nth = 0; nth < 3; nth++) limit.fail('::ffff:192.0.2.1');
    expect(limit.waitSeconds('2001:db8:1:2:ffff::1')).to.equal(2);
    expect(limit.waitSeconds('2001:db8:1:3::1')).to.equal(0);
    expect(limit.waitSeconds('192.0.2.1')).to.equal(2);
    expect(limit.waitSeconds('192.0.2.2')).to.equal(0);
  });

  it('remembers a bounded number of addresses, those that failed last', () => {
    for (let nth = 0; nth < 3; nth++) limit.fail('192.0.2.1');
    for (let nth = 0; nth < 9_999; nth++) limit.fail(`10.0.${nth >> 8}.${nth & 255}`);
    expect(limit.waitSeconds('192.0.2.1')).to.equal(2);
    limit.fail('10.99.0.1');
    expect(limit.waitSeconds('192.0.2.1')).to.equal(0);
  });

  it('is not confused by a clock that goes back', () => {
    for (let nth = 0; nth < 3; nth++) limit.fail('192.0.2.1');
    now -= 60_000;
    expect(limit.waitSeconds('192.0.2.1')).to.equal(2);
  });
});
