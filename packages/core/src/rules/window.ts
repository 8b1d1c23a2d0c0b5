import type { Instant, Period } from '../domain/instant.js';
import { startOfDay } from '../domain/zoned-time.js';

/** What the poll asks for: whole local days, from `pastDays` ago to `futureDays` ahead, both included. */
export function pollWindow(
  now: Instant,
  zone: string,
  days: { readonly pastDays: number; readonly futureDays: number },
): Period {
  return { from: startOfDay(now, zone, -days.pastDays), to: startOfDay(now, zone, days.futureDays + 1) };
}
