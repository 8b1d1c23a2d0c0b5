import { expect } from 'chai';
import { Err, Ok, type Result, type SyncError } from '@loft/sync-core';
import { withoutSecrets } from '#src/observe/without-secrets.js';

const SECRET = 'planted"secret';
const error: SyncError = {
  kind: 'refused',
  system: 'google',
  method: 'events.insert',
  message: `denied to ${SECRET}`,
  status: 400,
  reason: SECRET,
  payload: { echo: [`Bearer ya29.abc and ${SECRET}`], kept: 1 },
  retryAfterMs: 500,
};

class Port {
  readonly listParameters = 'showDeleted=true';
  readonly #answer: Result<string, SyncError>;

  constructor(answer: Result<string, SyncError>) {
    this.#answer = answer;
  }

  isOurs(text: string): boolean {
    return text === 'ours';
  }

  async insert(): Promise<Result<string, SyncError>> {
    return this.#answer;
  }
}

describe('a port without secrets', () => {
  it('masks them in an error’s message, and keeps the rest of the message', async () => {
    const answer = await withoutSecrets(new Port(Err(error)), [SECRET]).insert();
    expect(answer.val).to.deep.equal({
      ...error,
      message: 'denied to [redacted]',
      reason: '[redacted]',
      payload: { echo: ['Bearer [redacted] and [redacted]'], kept: 1 },
    });
  });

  it('is otherwise unchanged', async () => {
    const port = withoutSecrets(new Port(Ok(SECRET)), [SECRET]);
    expect((await port.insert()).val).to.equal(SECRET);
    expect(port.listParameters).to.equal('showDeleted=true');
    expect([port.isOurs('ours'), port.isOurs('another')]).to.deep.equal([true, false]);
  });
});
