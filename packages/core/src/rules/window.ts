import type { Instant, Period } from '../domain/instant.js';
import { startOfDay } from '../domain/zoned-time.js';
import type { TimeZones } from '../ports/time-zones.js';

/** Length of the poll's window, in local days. */
export interface WindowDays {
  readonly pastDays: number;
  readonly futureDays: number;
}

/** Returns the poll's window: whole local days, from `pastDays` ago to `futureDays` ahead, both included. */
export function pollWindow(now: Instant, zone: string, timeZones: TimeZones, days: WindowDays): Period {
  return {
    from: startOfDay(now, zone, timeZones, -days.pastDays),
    to: startOfDay(now, zone, timeZones, days.futureDays + 1),
  };
}

/** Returns the same, cached for each local day, because it is used for every event and every booking. */
export function rememberedWindow(zone: string, timeZones: TimeZones, days: WindowDays): (now: Instant) => Period {
  let day: Period = { from: 0, to: 0 };
  let window: Period = day;
  return (now) => {
    if (now < day.from || now >= day.to) {
      day = pollWindow(now, zone, timeZones, { pastDays: 0, futureDays: 0 });
      window = pollWindow(now, zone, timeZones, days);
    }
    return window;
  };
}
