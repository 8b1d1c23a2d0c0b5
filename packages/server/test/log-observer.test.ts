import { expect } from 'chai';
import type { SyncEvent } from '@loft/sync-core';
import { createLogger, secretsOf } from '#src/observe/logger.js';
import { LogObserver } from '#src/observe/log-observer.js';
import { readEnvironment } from '#src/config/environment.js';
import { readSettings } from '#src/config/read-settings.js';
import type { LogLevel } from '#src/config/service-settings.js';
import { minimalEnvironment, minimalFile, privateKey, serviceAccountJson } from './support/settings-fixture.js';
import { aCall, aDecision, aFeedRun, anAction, anError, aTaskEvent } from './support/sync-events.js';

/** The log lines that the events cause. */
function linesOf(events: readonly SyncEvent[], logLevel: LogLevel = 'info', secrets: readonly string[] = []): string[] {
  const lines: string[] = [];
  const log = createLogger({ logLevel }, secrets, { write: (line: string) => void lines.push(line) });
  const observer = new LogObserver(log);
  for (const event of events) observer.onEvent(event);
  return lines;
}

function parsed(lines: readonly string[]): Record<string, unknown>[] {
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the log', () => {
  describe('of a decision', () => {
    const copy = aDecision({ reason: 'copy', detail: 'event a of bay-1 is a copy of b' });

    it('warns once of a decision that needs a person', () => {
      const other = { ...copy, detail: 'event c of bay-1 is a copy of b' };
      const lines = parsed(linesOf([copy, copy, other, aDecision({ ...copy, appointmentId: '700124' })]));
      expect(lines.map(({ level, appointmentId, detail }) => [level, appointmentId, detail])).to.deep.equal([
        ['warn', '700123', copy.detail],
        ['warn', '700123', other.detail],
        ['warn', '700124', copy.detail],
      ]);
    });

    it('is at debug level for every other decision', () => {
      expect(linesOf([aDecision()])).to.deep.equal([]);
      const lines = parsed(linesOf([aDecision(), copy, copy], 'debug'));
      expect(lines.map(({ level }) => level)).to.deep.equal(['debug', 'warn', 'debug']);
    });
  });

  describe('of a sync action', () => {
    it('is one JSON object a line, with the fields of docs/operating-contract.md#logs-and-metrics', () => {
      const lines = linesOf([anAction()]);
      expect(lines).to.have.length(1);
      expect(lines[0]?.indexOf('\n')).to.equal((lines[0]?.length ?? 0) - 1);
      const { time, ...line } = parsed(lines)[0] ?? {};
      expect(new Date(String(time)).toISOString()).to.equal(time);
      expect(line).to.deep.equal({
        level: 'info',
        severity: 'INFO',
        service: 'loft-sync',
        message: 'create ok',
        action: 'create',
        direction: 'USCHEDULE_TO_GCAL',
        outcome: 'ok',
        reason: 'new-booking',
        appointmentId: '700123',
        calendarId: 'bay-1@group.calendar.google.com',
        eventId: 'loft700123',
        attempt: 1,
        durationMs: 42,
      });
    });

    it('names the error’s kind and the other side’s answer when it failed', () => {
      const [line] = parsed(linesOf([anAction({ outcome: 'dead-letter', error: anError })]));
      expect(line).to.include({ level: 'error', outcome: 'dead-letter' });
      expect(line?.['error']).to.deep.include({ kind: 'refused', system: 'uschedule', status: 400 });
      expect((line?.['error'] as { payload: unknown }).payload).to.deep.include({ Message: 'Too late' });
    });

    it('is a warning while it will be retried', () => {
      expect(parsed(linesOf([anAction({ outcome: 'retry', error: anError })]))[0]).to.include({ level: 'warn' });
    });
  });

  describe('at the default level', () => {
    it('reports feeds that failed or were stopped by a guard, and no successful runs', () => {
      const stopped = aFeedRun({ outcome: 'stopped', detail: '9 of 10 would be cancelled' });
      const lines = parsed(linesOf([aFeedRun(), aFeedRun({ outcome: 'failed', error: anError }), stopped]));
      expect(lines.map(({ level, outcome }) => `${String(level)} ${String(outcome)}`)).to.deep.equal([
        'warn failed',
        'error stopped',
      ]);
      expect(lines[1]).to.include({ feed: 'bookings', detail: '9 of 10 would be cancelled' });
    });

    it('reports the warning of a successful run once, until the warning changes', () => {
      const warned = aFeedRun({ detail: 'record 700123: StartTime is missing or no time' });
      const other = aFeedRun({ detail: 'record 700124: StartTime is missing or no time' });
      const lines = parsed(
        linesOf([warned, warned, other, warned, aFeedRun(), warned, aFeedRun({ ...warned, feed: 'other' })]),
      );
      expect(lines.map(({ level, feed, detail }) => [level, feed, detail])).to.deep.equal([
        ['warn', 'bookings', warned.detail],
        ['warn', 'bookings', other.detail],
        ['warn', 'bookings', warned.detail],
        ['warn', 'bookings', warned.detail],
        ['warn', 'other', warned.detail],
      ]);
    });

    it('reports once that a feed has recovered', () => {
      const failed = aFeedRun({ outcome: 'failed', error: anError });
      const lines = parsed(linesOf([aFeedRun(), failed, failed, aFeedRun(), aFeedRun()]));
      expect(lines.map(({ message }) => message)).to.deep.equal([
        'feed bookings failed',
        'feed bookings failed',
        'feed bookings has recovered',
      ]);
    });

    it('reports failed tasks and notices, and no single calls or deferred tasks', () => {
      const notice: SyncEvent = {
        type: 'notice',
        at: 0,
        level: 'warn',
        message: 'a record cannot be read',
        appointmentId: '700124',
        calendarId: null,
      };
      const lines = parsed(
        linesOf([aCall(), aTaskEvent('wait'), aTaskEvent('retry'), aTaskEvent('dead-letter'), notice]),
      );
      expect(lines.map(({ message }) => message)).to.deep.equal([
        'task retry',
        'task dead-letter',
        'a record cannot be read',
      ]);
    });
  });

  describe('at debug', () => {
    it('reports every call', () => {
      const [line] = parsed(linesOf([aCall()], 'debug'));
      expect(line).to.include({ level: 'debug', system: 'google', method: 'events.insert', outcome: 'ok' });
    });
  });

  describe('about secrets', () => {
    it('hides the values of secret fields, at any depth', () => {
      const text = linesOf([anAction({ outcome: 'retry', error: anError })]).join('');
      expect(text).not.to.contain('a-secret-auth-key');
      expect(text).not.to.contain('abc.def');
      expect(text).to.contain('[redacted]');
    });

    it('hides every secret of the settings, wherever it occurs', () => {
      const environment = readEnvironment({
        ...minimalEnvironment,
        USCHEDULE_USERNAME: 'bot',
        USCHEDULE_PASSWORD: 'pass"word\\1',
        ADMIN_TOKEN: 'the-admin-token',
        USCHEDULE_WEBHOOK_SECRET: 'the-webhook-secret',
        PUBLIC_URL: 'https://sync.example.com',
        GOOGLE_CHANNEL_SECRET: 'the-channel-secret',
        GOOGLE_SERVICE_ACCOUNT_JSON: serviceAccountJson,
        STORE_URL: 'mongodb://user:the-store-password@host/db',
      });
      const settings = readSettings(environment, { text: JSON.stringify(minimalFile) });
      if (settings.err) throw new Error('the settings should be good');
      const secrets = secretsOf(settings.val);
      const all = [
        'pass"word\\1',
        'the-admin-token',
        'the-webhook-secret',
        'the-channel-secret',
        'the-store-password',
        'an-application-key',
        privateKey,
      ];
      const message = all.join(' | ');
      const notice = { type: 'notice', at: 0, level: 'error', message, appointmentId: null, calendarId: null } as const;
      const text = linesOf([notice], 'info', secrets).join('');
      for (const secret of all) expect(text).not.to.contain(JSON.stringify(secret).slice(1, -1));
      expect(text.split('[redacted]')).to.have.length(all.length + 1);
    });

    it('hides bearer tokens and signed assertions in a text', () => {
      const message = 'sent Authorization: Bearer ya29.abc-DEF_123 and eyJhbGciOi.eyJpc3MiOi.c2lnbmF0dXJl';
      const notice = { type: 'notice', at: 0, level: 'info', message, appointmentId: null, calendarId: null } as const;
      const [line] = parsed(linesOf([notice]));
      expect(line?.['message']).to.equal('sent Authorization: Bearer [redacted] and [redacted]');
    });
  });
});
