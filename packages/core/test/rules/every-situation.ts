import { createRules, type Rules } from '#src/rules/rules.js';
import type { BookingReading, EventReading, Situation } from '#src/rules/situation.js';
import { settingsWith } from '../engine/world.js';
import { BOOKINGS, buildBooking, buildEvent, buildMap, EVENTS, MAPS } from './every-case.js';
import { aSituation, REFUSAL } from './situations.js';
import type { Case } from './table.js';

interface Settings {
  readonly policy: Case['policy'];
  readonly trust: Case['trust'];
  readonly rules: Rules;
}

const SETTINGS: readonly Settings[] = (
  [
    ['last-write-wins', 'trusted'],
    ['booking-wins', 'trusted'],
    ['last-write-wins', 'blind'],
    ['one-way', 'trusted'],
  ] as const
).map(([policy, trust]) => {
  const guards =
    policy === 'one-way' ? ({ direction: 'to-google' } as const) : ({ conflict: policy, direction: 'both' } as const);
  const rules = createRules(settingsWith({ rules: guards, uschedule: { status: trust } }));
  return { policy, trust, rules };
});

export interface Asked {
  readonly it: Case;
  readonly situation: Situation;
  readonly rules: Rules;
}

/** Every combination of a map, a booking, an event and settings in which the table has something to say. */
export function* everySituation(): Generator<Asked> {
  for (const map of MAPS) {
    const builtMap = buildMap(map);
    const events = EVENTS.map((event) => ({ event, built: buildEvent(event, map) }));
    for (const booking of BOOKINGS) {
      const builtBooking = buildBooking(booking, map);
      for (const { event, built } of events) {
        // Only an edit of a mirror can have been refused.
        for (const refusal of map.state === 'active' && event ? [false, true] : [false]) {
          const situation = situationOf(builtMap, builtBooking, built, refusal);
          for (const { policy, trust, rules } of SETTINGS) {
            if (!matters({ map, booking, event, refusal, policy, trust })) continue;
            yield { it: { map, booking, event, refusal, policy, trust }, situation, rules };
          }
        }
      }
    }
  }
}

/** Can the settings change what is answered? Each case is held against the table under the first of them. */
function matters({ map, booking, event, refusal, policy, trust }: Case): boolean {
  if (trust === 'blind') return map.state !== 'active' || booking?.status === 'dead';
  if (policy === 'booking-wins') return map.state === 'active' && event?.updated === 'after';
  return policy !== 'one-way' || (map.state === 'active' && event !== null && !refusal);
}

export function situationOf(
  map: Situation['map'],
  booking: BookingReading | undefined,
  event: EventReading | undefined,
  refusal: boolean,
): Situation {
  return Object.freeze(aSituation({ map, booking, event, refusal: refusal ? REFUSAL : null }));
}
