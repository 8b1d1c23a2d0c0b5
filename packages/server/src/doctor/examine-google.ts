import { randomUUID } from 'node:crypto';
import type { Bay, CalendarSystem } from '@loft/sync-core';
import { CALENDAR_EVENTS_SCOPE, type GoogleAccessCheck } from '@loft/sync-google';
import type { PushAccess } from '../config/service-settings.js';
import { channelTokens } from '../http/channel-token.js';
import { fail, pass, skipped, warn, type Finding } from './finding.js';
import { calendarCure, deliveryCure, tokenCure, watchCure, writeCure } from './google-cures.js';
import type { SyncMessages } from './sync-message.js';

export interface GooglePatient {
  readonly access: GoogleAccessCheck;
  readonly calendars: CalendarSystem;
  readonly bays: readonly Bay[];
  /** null: watch channels are off. */
  readonly push: PushAccess | null;
  /** Receives Google's sync messages; null: no way was found. */
  readonly messages: SyncMessages | null;
}

const TOKEN = 'an access token';
/** Offsets of the clock that are a warning, and an error: Google refuses signatures after five minutes. */
const CLOCK_WARN_MS = 30_000;
const CLOCK_FAIL_MS = 300_000;
/** Lifetime of the check's channel, in case it cannot be closed. */
const WATCH_SECONDS = 60;

/** Checks key, token, scope and clock, then reading, writing and watching of each bay's calendar. */
export async function* examineGoogle(patient: GooglePatient): AsyncGenerator<Finding> {
  const { access, bays } = patient;
  const key = await access.account();
  if (key.err) {
    const cure =
      'Set GOOGLE_SERVICE_ACCOUNT_JSON to the whole JSON text of the key, or GOOGLE_APPLICATION_CREDENTIALS to its path.';
    yield fail('Google key', key.val.message, cure);
    yield skipped('Google access token', 'a key');
    for (const bay of bays) yield* skipBay(bay, patient);
    return;
  }
  const account = key.val;
  yield pass('Google key', account === null ? 'the identity of the platform' : `the key of ${account}`);

  const token = await access.token();
  yield token.ok
    ? pass('Google access token', 'obtained')
    : fail('Google access token', token.val.message, tokenCure(token.val, account));
  yield* examineTokenInfo(access, token.ok);
  for (const bay of bays) {
    if (token.ok) yield* examineBay(bay, account, patient);
    else yield* skipBay(bay, patient);
  }
}

async function* examineTokenInfo(access: GoogleAccessCheck, hasToken: boolean): AsyncGenerator<Finding> {
  const asked = await access.tokenInfo();
  if (asked.err) {
    yield warn(
      'Google scope',
      `could not be asked: ${asked.val.message}`,
      'The service works without it. Try again later.',
    );
    yield warn(
      'clock',
      'could not be compared with Google’s clock',
      'Check that this machine synchronizes its clock by NTP.',
    );
    return;
  }
  const { scopes, clockAheadMs } = asked.val;
  yield hasToken ? scopeFinding(scopes) : skipped('Google scope', TOKEN);
  yield clockFinding(clockAheadMs);
}

function scopeFinding(scopes: readonly string[] | null): Finding {
  const check = 'Google scope';
  if (scopes === null) {
    return warn(
      check,
      'Google does not report the scopes of the token',
      'The service works without it. Try again later.',
    );
  }
  const wider = scopes.filter((scope) => scope !== CALENDAR_EVENTS_SCOPE);
  if (wider.length === 0) return pass(check, 'calendar.events alone');
  const names = wider.map((scope) => scope.replace('https://www.googleapis.com/auth/', '')).join(', ');
  const cure =
    'A stolen token would have these scopes, too. Use the key of a service account, for which only calendar.events is ' +
    'requested, or remove the other scopes from the identity of the platform.';
  return warn(check, `wider than needed: also ${names}`, cure);
}

function clockFinding(aheadMs: number | null): Finding {
  const check = 'clock';
  if (aheadMs === null)
    return warn(check, 'Google did not send its time', 'Check that this machine synchronizes its clock by NTP.');
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const found = `${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} Google’s`;
  const cure =
    'Synchronize the clock of this machine by NTP: tokens, signed hints and the end of watch channels depend on it.';
  if (Math.abs(aheadMs) > CLOCK_FAIL_MS) return fail(check, found, cure);
  if (Math.abs(aheadMs) > CLOCK_WARN_MS) return warn(check, found, cure);
  return pass(check, 'agrees with Google’s');
}

function checksOf({ name }: Bay): { readonly reading: string; readonly writing: string; readonly watching: string } {
  return { reading: `calendar of ${name}`, writing: `writing to ${name}`, watching: `watching ${name}` };
}

function* skipBay(bay: Bay, { push }: GooglePatient, from: 'reading' | 'writing' = 'reading'): Generator<Finding> {
  const { reading, writing, watching } = checksOf(bay);
  const needs = from === 'reading' ? TOKEN : 'a calendar that can be read';
  for (const check of [...(from === 'reading' ? [reading] : []), writing, ...(push ? [watching] : [])]) {
    yield skipped(check, needs);
  }
}

async function* examineBay(bay: Bay, account: string | null, patient: GooglePatient): AsyncGenerator<Finding> {
  const { access, push } = patient;
  const { calendarId } = bay;
  const { reading, writing } = checksOf(bay);
  const open = await access.calendar(calendarId);
  if (open.err) {
    yield fail(reading, open.val.message, calendarCure(open.val, calendarId, account));
    yield* skipBay(bay, patient, 'writing');
    return;
  }
  const { role } = open.val;
  yield pass(reading, 'can be read');
  const mayWrite = role === 'writer' || role === 'owner';
  yield mayWrite ? pass(writing, `allowed (${role})`) : fail(writing, `not allowed (${role})`, writeCure(account));
  if (push) yield await examineWatch(bay, push, patient);
}

/** Opens a watch channel, waits for its sync message, and closes it. */
async function examineWatch(bay: Bay, push: PushAccess, { calendars, messages }: GooglePatient): Promise<Finding> {
  const { watching } = checksOf(bay);
  const channelId = `loft-doctor-${randomUUID()}`;
  const token = channelTokens(push.channelSecret)(channelId);
  const { address } = push;
  const request = { calendarId: bay.calendarId, channelId, token, address, ttlSeconds: WATCH_SECONDS };
  const opened = await calendars.watch?.(request);
  if (!opened) return pass(watching, 'the calendar system has no watch channels: only polls find edits');
  if (opened.err) return fail(watching, opened.val.message, watchCure(opened.val, address));
  const arrived = (await messages?.arrives(channelId, token)) ?? null;
  await calendars.stopChannel?.(channelId, opened.val.resourceId);
  if (arrived === true)
    return pass(watching, 'a channel was opened, its sync message arrived, and it was closed again');
  if (arrived === false) {
    const found = `a channel was opened, but Google’s sync message did not arrive at ${messages?.by ?? address}`;
    return fail(watching, found, deliveryCure(address));
  }
  const found = 'a channel was opened, and closed again; it could not be checked whether notifications arrive';
  return warn(watching, found, 'Run this beside the running service with its ADMIN_TOKEN, or where its PORT is free.');
}
