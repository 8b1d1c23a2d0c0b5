import { expect } from 'chai';
import type { SyncErrorKind } from '@loft/sync-core';
import { toSyncError } from '#src/errors/google-error.js';
import { parseRetryAfter } from '#src/errors/retry-after.js';
import type { GoogleMethod } from '#src/simulator/index.js';
import {
  adapter,
  BAY_1,
  BAY_2,
  BEGINNING,
  callsOf,
  closeAll,
  DRAFT,
  errorOf,
  EVENT_ID,
  MARKS,
  simulate,
  tokenRequests,
} from './helpers/simulated.js';

const NOW = Date.UTC(2027, 0, 20, 18);

type Calls = Readonly<Partial<Record<GoogleMethod, (system: ReturnType<typeof adapter>) => Promise<unknown>>>>;

/** Every method of the port, by the method of the API that it calls. */
const CALLS = {
  'events.list': (system) => system.listEvents(BAY_1, BEGINNING),
  'events.get': (system) => system.getEvent(BAY_1, EVENT_ID),
  'events.insert': (system) => system.insertEvent(BAY_1, EVENT_ID, DRAFT),
  'events.patch': (system) => system.patchEvent(BAY_1, EVENT_ID, MARKS, null),
  'events.delete': (system) => system.deleteEvent(BAY_1, EVENT_ID),
  'events.move': (system) => system.moveEvent(BAY_1, EVENT_ID, BAY_2),
  'events.watch': (system) =>
    system.watch({ calendarId: BAY_1, channelId: 'c', token: 't', address: 'https://x.example', ttlSeconds: 60 }),
  'channels.stop': (system) => system.stopChannel('c', 'r'),
} as const satisfies Calls;

type Method = keyof typeof CALLS;

const METHODS = Object.keys(CALLS) as Method[];

interface Row {
  readonly status: number;
  readonly reason: string;
  readonly kind: SyncErrorKind;
  /** The methods with other results. */
  readonly except?: Partial<Record<Method, SyncErrorKind | 'ok'>>;
}

/** The table in docs/google-calendar.md#errors, and errors that the table does not name. */
const TABLE: readonly Row[] = [
  { status: 400, reason: 'badRequest', kind: 'invalid' },
  { status: 400, reason: 'timeRangeEmpty', kind: 'invalid' },
  { status: 400, reason: 'channelIdNotUnique', kind: 'invalid' },
  { status: 401, reason: 'push.webhookUrlUnauthorized', kind: 'invalid' },
  { status: 403, reason: 'rateLimitExceeded', kind: 'rate-limited' },
  { status: 403, reason: 'userRateLimitExceeded', kind: 'rate-limited' },
  { status: 403, reason: 'quotaExceeded', kind: 'rate-limited' },
  { status: 403, reason: 'forbidden', kind: 'forbidden' },
  { status: 403, reason: 'requiredAccessLevel', kind: 'forbidden' },
  { status: 403, reason: 'insufficientPermissions', kind: 'forbidden' },
  { status: 403, reason: 'forbiddenForNonOrganizer', kind: 'forbidden' },
  { status: 404, reason: 'notFound', kind: 'not-found', except: { 'channels.stop': 'ok' } },
  { status: 405, reason: 'methodNotAllowed', kind: 'invalid' },
  { status: 408, reason: 'requestTimeout', kind: 'transient' },
  { status: 409, reason: 'duplicate', kind: 'conflict' },
  { status: 409, reason: 'conflict', kind: 'transient' },
  { status: 410, reason: 'deleted', kind: 'gone', except: { 'events.list': 'token-expired' } },
  { status: 410, reason: 'fullSyncRequired', kind: 'token-expired' },
  { status: 410, reason: 'updatedMinTooLongAgo', kind: 'token-expired' },
  { status: 412, reason: 'conditionNotMet', kind: 'conflict' },
  { status: 413, reason: 'uploadTooLarge', kind: 'invalid' },
  { status: 429, reason: 'rateLimitExceeded', kind: 'rate-limited' },
  { status: 500, reason: 'backendError', kind: 'transient' },
  { status: 502, reason: 'badGateway', kind: 'transient' },
  { status: 503, reason: 'backendError', kind: 'transient' },
  { status: 504, reason: 'gatewayTimeout', kind: 'transient' },
];

async function outcome(method: Method, system: ReturnType<typeof adapter>) {
  const result = await CALLS[method](system);
  return result.ok ? 'ok' : result.val;
}

describe('GoogleCalendarSystem, when it is refused,', () => {
  afterEach(closeAll);

  for (const { status, reason, kind, except = {} } of TABLE) {
    it(`maps ${status} ${reason} to ${kind} in every method, without a retry`, async () => {
      const simulator = await simulate();
      const system = adapter(simulator);
      simulator.addFault({ kind: 'answer', status, reason, message: 'No.', times: Number.POSITIVE_INFINITY });
      for (const method of METHODS) {
        const expected = except[method] ?? kind;
        const error = await outcome(method, system);
        if (expected === 'ok') expect(error).to.equal('ok');
        else expect(error).to.include({ kind: expected, system: 'google', method, message: 'No.', status, reason });
      }
      expect(callsOf(simulator)).to.deep.equal(METHODS.map((method) => `${method} ${status}`));
      expect(tokenRequests(simulator)).to.equal(1);
    });
  }

  it('distinguishes the refusal of one event from that of its calendar', async () => {
    const simulator = await simulate();
    const system = adapter(simulator);
    const refused = async (reason: string) => {
      simulator.addFault({ kind: 'answer', status: 403, reason });
      return errorOf(await system.patchEvent(BAY_1, EVENT_ID, MARKS, null));
    };
    expect(await refused('forbiddenForNonOrganizer')).to.include({ kind: 'forbidden', scope: 'event' });
    expect(await refused('requiredAccessLevel')).not.to.have.property('scope');
  });

  it('keeps Google’s message', async () => {
    const simulator = await simulate();
    const error = errorOf(await adapter(simulator).getEvent(BAY_1, EVENT_ID));
    expect(error).to.deep.equal({
      kind: 'not-found',
      system: 'google',
      method: 'events.get',
      message: 'Not Found',
      status: 404,
      reason: 'notFound',
      payload: {
        error: {
          code: 404,
          message: 'Not Found',
          errors: [{ domain: 'global', reason: 'notFound', message: 'Not Found' }],
        },
      },
    });
  });

  it('cuts Google’s message to a limited length', async () => {
    const simulator = await simulate();
    simulator.addFault({ kind: 'answer', status: 400, reason: 'invalid', message: 'x'.repeat(100_000) });
    const error = errorOf(await adapter(simulator).getEvent(BAY_1, EVENT_ID));
    expect(error.message.length).to.be.lessThan(500);
    expect(JSON.stringify(error.payload).length).to.be.lessThan(2500);
  });

  it('passes on the time of Retry-After', async () => {
    const simulator = await simulate();
    const system = adapter(simulator, { now: () => NOW });
    simulator.addFault({ kind: 'answer', status: 429, retryAfter: 7 });
    simulator.addFault({ kind: 'answer', status: 503, retryAfter: new Date(NOW + 90_000).toUTCString() });
    simulator.addFault({ kind: 'answer', status: 403, reason: 'rateLimitExceeded' });
    expect(errorOf(await system.getEvent(BAY_1, EVENT_ID)).retryAfterMs).to.equal(7000);
    expect(errorOf(await system.getEvent(BAY_1, EVENT_ID)).retryAfterMs).to.equal(90_000);
    expect(errorOf(await system.getEvent(BAY_1, EVENT_ID))).to.not.have.property('retryAfterMs');
  });

  it('maps a patch that does not restore a deleted event to gone', async () => {
    const simulator = await simulate({ tombstones: 'full' });
    const system = adapter(simulator);
    await system.insertEvent(BAY_1, EVENT_ID, DRAFT);
    simulator.person.deleteEvent(BAY_1, EVENT_ID);
    expect(errorOf(await system.patchEvent(BAY_1, EVENT_ID, MARKS, null)).kind).to.equal('gone');
  });
});

describe('GoogleCalendarSystem, when there is no proper answer,', () => {
  afterEach(closeAll);

  const lost = { 'the request': 'lose-request', 'the answer': 'lose-answer' } as const;
  for (const [what, kind] of Object.entries(lost)) {
    it(`maps a connection that ends before ${what} to transient, without a retry`, async () => {
      const simulator = await simulate();
      const system = adapter(simulator);
      simulator.addFault({ kind, times: Number.POSITIVE_INFINITY });
      for (const method of METHODS) {
        expect(await outcome(method, system)).to.include({ kind: 'transient', method });
      }
      expect(callsOf(simulator)).to.have.length(METHODS.length);
    });
  }

  it('has written if only the answer was lost', async () => {
    const simulator = await simulate();
    const system = adapter(simulator);
    simulator.addFault({ kind: 'lose-answer', method: 'events.insert' });
    expect(errorOf(await system.insertEvent(BAY_1, EVENT_ID, DRAFT)).kind).to.equal('transient');
    expect(simulator.events(BAY_1)).to.have.length(1);
    expect(errorOf(await system.insertEvent(BAY_1, EVENT_ID, DRAFT)).kind).to.equal('conflict');
  });

  it('maps a missing server to transient', async () => {
    const simulator = await simulate();
    const system = adapter(simulator);
    await system.listEvents(BAY_1, BEGINNING);
    await simulator.close();
    for (const method of METHODS) {
      const error = await outcome(method, system);
      expect(error).to.include({ kind: 'transient', method });
      expect(error).to.not.have.property('status');
    }
  });

  for (const afterHeaders of [false, true]) {
    it(`gives up after its timeout, when ${afterHeaders ? 'the answer never ends' : 'no answer comes'}`, async () => {
      const simulator = await simulate();
      const system = adapter(simulator, { callTimeoutMs: 1000 });
      await system.listEvents(BAY_1, BEGINNING);
      simulator.addFault({ kind: 'hang', afterHeaders, times: Number.POSITIVE_INFINITY });
      const errors = await Promise.all(METHODS.map((method) => outcome(method, system)));
      for (const [index, method] of METHODS.entries()) {
        expect(errors[index]).to.include({ kind: 'transient', method, message: 'no complete answer in time' });
      }
    });
  }

  it('waits for a slow answer', async () => {
    const simulator = await simulate();
    simulator.addFault({ kind: 'delay', ms: 50 });
    expect((await adapter(simulator).listEvents(BAY_1, BEGINNING)).ok).to.equal(true);
  });

  const garbage: Record<string, { body: string; contentType?: string }> = {
    'a page of HTML': { body: '<!doctype html><title>Sign in</title>', contentType: 'text/html' },
    'half of it': { body: '{"kind": "calendar#event", "id":', contentType: 'application/json' },
    'nothing at all': { body: '' },
    null: { body: 'null', contentType: 'application/json' },
    'a number': { body: '42', contentType: 'application/json' },
    'an empty object': { body: '{}', contentType: 'application/json' },
    'a list': { body: '[1, 2]', contentType: 'application/json' },
    'bytes of no known type': { body: '\u0000\u0001', contentType: 'application/octet-stream' },
    'fields of other types': {
      body: '{"id": 7, "items": {"a": 1}, "nextSyncToken": 3, "resourceId": false, "start": "x"}',
      contentType: 'application/json',
    },
    'a list with something else in it': {
      body: '{"items": [{"id": "loft0000001"}, {"summary": "no id"}], "nextSyncToken": "t"}',
      contentType: 'application/json',
    },
  };
  for (const [what, { body, contentType }] of Object.entries(garbage)) {
    it(`maps ${what} to transient`, async () => {
      const simulator = await simulate();
      const system = adapter(simulator);
      simulator.addFault({
        kind: 'garbage',
        body,
        ...(contentType === undefined ? {} : { contentType }),
        times: Number.POSITIVE_INFINITY,
      });
      for (const method of METHODS) {
        // The answers of these two methods are not read.
        if (method === 'events.delete' || method === 'channels.stop') continue;
        expect(await outcome(method, system)).to.include({ kind: 'transient', method });
      }
      for (const method of ['events.delete', 'channels.stop'] as const)
        expect(await outcome(method, system)).to.equal('ok');
    });
  }

  it('maps a list without any token to transient', async () => {
    const simulator = await simulate();
    simulator.addFault({ kind: 'garbage', body: '{"items": []}', contentType: 'application/json' });
    const error = errorOf(await adapter(simulator).listEvents(BAY_1, BEGINNING));
    expect(error.kind).to.equal('transient');
    expect(error.message).to.contain('token');
  });

  it('maps a page that names itself as the next one to transient', async () => {
    const simulator = await simulate();
    simulator.addFault({
      kind: 'garbage',
      body: '{"items": [], "nextPageToken": "p"}',
      contentType: 'application/json',
    });
    const error = errorOf(await adapter(simulator).listEvents(BAY_1, { syncToken: null, pageToken: 'p' }));
    expect(error).to.include({ kind: 'transient', method: 'events.list' });
  });

  it('maps an answer about another event to transient', async () => {
    const simulator = await simulate();
    const system = adapter(simulator);
    const body = '{"id": "loft0000002", "status": "cancelled"}';
    simulator.addFault({ kind: 'garbage', body, contentType: 'application/json', times: 3 });
    for (const method of ['events.get', 'events.patch', 'events.move'] as const) {
      const error = await outcome(method, system);
      expect(error).to.include({ kind: 'transient', method });
    }
  });

  it('ignores a sync token on a page that is not the last', async () => {
    const simulator = await simulate();
    const body = '{"items": [], "nextPageToken": "p", "nextSyncToken": "s"}';
    simulator.addFault({ kind: 'garbage', body, contentType: 'application/json' });
    const page = await adapter(simulator).listEvents(BAY_1, BEGINNING);
    expect(page.val).to.deep.equal({
      events: [],
      nextPageToken: 'p',
      nextSyncToken: null,
      writable: null,
      timeZone: null,
      summary: null,
    });
  });

  it('reads JSON with any content type', async () => {
    const simulator = await simulate();
    for (const contentType of ['text/plain', 'application/octet-stream']) {
      simulator.addFault({ kind: 'garbage', body: `{"id": "${EVENT_ID}", "etag": "1"}`, contentType });
      expect((await adapter(simulator).getEvent(BAY_1, EVENT_ID)).val).to.include({ eventId: EVENT_ID, etag: '1' });
    }
  });

  it('accepts a channel without an expiry', async () => {
    const simulator = await simulate();
    simulator.addFault({ kind: 'garbage', body: '{"resourceId": "r"}', contentType: 'application/json' });
    const system = adapter(simulator, { now: () => NOW });
    const request = { calendarId: BAY_1, channelId: 'c', token: 't', address: 'https://x.example', ttlSeconds: 60 };
    const grant = await system.watch(request);
    expect(grant.val).to.deep.equal({ resourceId: 'r', expiresAt: NOW + 60_000 });
  });

  it('returns an error for an empty id, or for an unusual answer to it, and does not throw', async () => {
    const simulator = await simulate();
    const system = adapter(simulator);
    expect((await system.getEvent('', EVENT_ID)).err).to.equal(true);
    expect((await system.getEvent(BAY_1, '')).err).to.equal(true);
  });
});

describe('toSyncError', () => {
  it('maps a failure before the request to invalid', () => {
    expect(toSyncError('events.get', new Error('Missing required parameters: eventId'), NOW)).to.deep.equal({
      kind: 'invalid',
      system: 'google',
      method: 'events.get',
      message: 'Missing required parameters: eventId',
    });
  });

  for (const thrown of [undefined, null, 'text', 7, {}, { response: null }, { response: { status: 'x' } }]) {
    it(`maps ${JSON.stringify(thrown)} to an error`, () => {
      expect(toSyncError('events.get', thrown, NOW)).to.include({ kind: 'invalid', system: 'google' });
    });
  }
});

describe('parseRetryAfter', () => {
  const headers: readonly (readonly [string | null, number | null])[] = [
    [null, null],
    ['', null],
    ['0', 0],
    ['120', 120_000],
    [' 3 ', 3000],
    ['31536000', 600_000],
    ['9'.repeat(40), 600_000],
    [new Date(NOW + 365 * 86_400_000).toUTCString(), 600_000],
    ['-1', null],
    ['1.5', null],
    ['soon', null],
    [new Date(NOW + 5000).toUTCString(), 5000],
    [new Date(NOW - 5000).toUTCString(), 0],
  ];
  for (const [header, expected] of headers) {
    it(`reads ${JSON.stringify(header)}`, () => {
      expect(parseRetryAfter(header, NOW)).to.equal(expected);
    });
  }
});
