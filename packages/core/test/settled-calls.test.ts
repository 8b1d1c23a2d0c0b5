import { Ok } from '@loft/sync-core';
import { assertAllSettle } from '#src/testing/settled-calls.js';
import { expect } from 'chai';

describe('assertAllSettle', () => {
  const failureOf = (call: () => never): Promise<string> =>
    assertAllSettle({ call }, 20).then(
      () => 'none',
      (error: unknown) => String(error),
    );

  it('accepts calls that return a Result in time', async () => {
    await assertAllSettle({ call: async () => Ok.EMPTY }, 20);
  });

  it('names a call that never answers', async () => {
    expect(await failureOf(() => new Promise(() => {}) as never))
      .to.include('call')
      .and.include('no answer within 20 ms');
  });

  it('names a call that throws, rejects, or returns no Result', async () => {
    expect(await failureOf(() => { throw new Error('out of order'); })).to.include('threw Error: out of order'); // prettier-ignore
    expect(await failureOf(() => Promise.reject(new Error('out of order')) as never)).to.include('threw Error');
    expect(await failureOf(() => Promise.resolve(undefined) as never)).to.include('answered something else');
  });
});
