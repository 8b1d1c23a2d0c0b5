import { MINUTE, type Instant } from '../../domain/instant.js';
import { misuse, type SyncError, thrownText } from '../../domain/sync-error.js';
import type { WatchChannel } from '../../domain/watch-channel.js';
import type { CalendarSystem } from '../../ports/calendar-system.js';
import { Err, Ok, type Result } from '../../result.js';
import { retryAfterMs } from '../../rules/retry-policy.js';
import type { PushOptions } from '../engine-options.js';
import type { EngineParts } from '../engine-parts.js';

/** The parts of an engine whose calendar system has watch channels. */
export type WatchingParts = EngineParts & {
  readonly calendars: Required<Pick<CalendarSystem, 'watch' | 'stopChannel'>>;
};

/** Does the calendar system have watch channels? */
export function canWatch(parts: EngineParts): parts is WatchingParts {
  return parts.calendars.watch !== undefined && parts.calendars.stopChannel !== undefined;
}

/** A channel is renewed when less than this share of its lifetime is left … */
const RENEW_SHARE = 0.2;
/** … plus up to this share as jitter, so that the channels of many calendars do not end together. */
const JITTER_SHARE = 0.1;

/** Returns a new channel id, with the time and a random number. */
export function newChannelId({ random, clock }: Pick<EngineParts, 'random' | 'clock'>): string {
  const part = (): string =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  // A host's clock may have fractions, but a channel id may not contain a point.
  return `loft-${Math.floor(clock.now()).toString(36)}-${part()}${part()}${part()}`;
}

/** Interval of the renewals while our clock shows a channel as expired when it is opened. */
const UNKNOWN_LIFETIME_MS: number = 10 * MINUTE;

/**
 * Returns when a channel is renewed. Its expiry is a time of the calendar system. A channel that had expired when it was opened was opened
 * while our clock was ahead by more than its lifetime: the next one is opened once the clock is corrected, or after ten minutes.
 */
export function renewAt({ channelId, createdAt, expiresAt }: WatchChannel, now: Instant): Instant {
  const lifetime = expiresAt - createdAt;
  if (lifetime <= 0) return createdAt > now ? now : createdAt + UNKNOWN_LIFETIME_MS;
  return expiresAt - lifetime * (RENEW_SHARE + JITTER_SHARE * jitterOf(channelId));
}

/**
 * Returns a number in [0, 1) from the random end of the id. It is the same at every check: with a new random number at each
 * check the earliest of them would count.
 */
function jitterOf(channelId: string): number {
  const part = parseInt(channelId.slice(-8), 16);
  return Number.isNaN(part) ? 0 : part / 2 ** 32;
}

/** An opening of a channel that failed. */
export interface OpeningFailure {
  readonly error: SyncError;
  readonly at: Instant;
}

/** Did the calendar system ask for a pause that has not ended? A clock that was corrected since shows no pause. */
export function isTooEarly(failure: OpeningFailure | undefined, now: Instant): boolean {
  return failure !== undefined && now >= failure.at && now < failure.at + retryAfterMs(failure.error);
}

/** Returns the token of a channel. The host derives it, and its function may throw or answer no text. */
export function channelToken({ tokenOf }: PushOptions, channelId: string): Result<string, SyncError> {
  try {
    const token: unknown = tokenOf(channelId);
    return typeof token === 'string' ? Ok(token) : Err(misuse('tokenOf', 'push.tokenOf must answer a text'));
  } catch (thrown) {
    return Err(misuse('tokenOf', `push.tokenOf threw ${thrownText(thrown)}`));
  }
}
