import type { EventRef } from '../../domain/task.js';
import { refOf } from '../../domain/booking-event-map.js';
import { HOUR, SECOND } from '../../domain/instant.js';
import type { ChannelNotification } from '../../domain/watch-channel.js';
import type { SyncStore } from '../../ports/sync-store.js';
import { DEFAULT_SETTINGS, type SyncSettings } from '../../rules/settings.js';
import { MemoryData } from '../../store/memory-data.js';
import type { MemoryStore } from '../../store/memory-store.js';
import { MemoryBookings } from '../memory-bookings.js';
import { MemoryCalendars } from '../memory-calendars.js';
import { VirtualClock } from '../virtual-clock.js';
import { BAYS, BayPlan } from './bay-plan.js';
import { Faults } from './faults.js';
import { LostMaps } from './lost-maps.js';
import { People } from './people.js';
import { PowerCut } from './power-cut.js';
import { RecordedBookings } from './recorded-bookings.js';
import { mapOfEvent } from './rest-check.js';
import { SeededRandom } from './seeded-random.js';
import type { FaultKind, SimulationOptions } from './simulation-options.js';

export const LEASE_MS = 30_000;
/** Maximum delay of a process's clock. The clocks of replicas, which measure their leases, differ by less than a lease. */
export const MOST_SKEW: number = 3 * HOUR;
export const MOST_SKEW_OF_REPLICAS: number = 5 * SECOND;

/** Probability that mass changes stop no feed, so that they are applied too. */
const WORLDS_WITHOUT_GUARD = 0.5;
/** Can be booked, and has no route. */
export const UNROUTED_UNIT = 5999;

/** A deliberate defect, to test that it is found. */
export interface Sabotage {
  /** Wraps the store of every replica. */
  readonly store?: (store: MemoryStore, data: MemoryData) => SyncStore;
  /** Changes the settings of every replica. */
  readonly settings?: (settings: SyncSettings) => SyncSettings;
}

/** Faults in which an event of ours may become a copy. */
const MAKES_COPIES: readonly FaultKind[] = ['store-from-backup', 'partial-pages', 'second-installation'];

/** The systems of one simulated world, and its configuration, all determined by the seed. */
export interface SimulationWorld {
  readonly clock: VirtualClock;
  /** The duration of calls, and the replica that gets a notification. */
  readonly random: SeededRandom;
  /** The settings of the next start. */
  readonly settings: SyncSettings;
  readonly plan: BayPlan;
  readonly faults: Faults;
  readonly bookings: MemoryBookings;
  /** The same bookings as they are served: sometimes outdated. */
  readonly served: RecordedBookings;
  readonly calendars: MemoryCalendars;
  readonly people: People;
  /** Is it an event that we or another installation made without knowing of the mirror, and that is reported as a copy? */
  readonly isReportedCopy: (eventId: string) => boolean;
  readonly data: MemoryData;
  /** What the database held before it was emptied while its replicas ran. */
  readonly lostMaps: LostMaps;
  readonly powerCut: PowerCut;
  /** The store of a second installation on the same calendars. Empty while there is none. */
  readonly second: MemoryData;
  /** Two replicas on one store, or one process that owns it. */
  readonly shared: boolean;
}

/** `onNotification` receives the notifications of the calendars. */
export function createSimulationWorld(
  { seed, faults: enabled }: SimulationOptions,
  sabotage: Sabotage,
  onNotification: (notification: ChannelNotification) => void,
): SimulationWorld {
  const clock = new VirtualClock();
  const now = (): number => clock.now();
  const random = new SeededRandom(seed, 2);
  const draw = new SeededRandom(seed, 3);
  const mode = draw.weighted({ 'same-id': 4, 'new-id': 3, rebook: 2, off: 1 });
  const drawn: SyncSettings = {
    ...DEFAULT_SETTINGS,
    timeZone: draw.pick(['America/Phoenix', 'Europe/Berlin', 'Australia/Lord_Howe']) ?? 'UTC',
    bays: BAYS,
    uschedule: {
      ...DEFAULT_SETTINGS.uschedule,
      reschedule: mode === 'rebook' || mode === 'off' ? mode : 'method',
      cancellationHours: 24,
    },
    google: { ...DEFAULT_SETTINGS.google, sweepSeconds: 120, cancel: draw.chance(0.25) ? 'mark' : 'delete' },
    rules: {
      ...DEFAULT_SETTINGS.rules,
      conflict: draw.chance(0.3) ? 'booking-wins' : 'last-write-wins',
      ...(draw.chance(WORLDS_WITHOUT_GUARD) ? { massChangeLimit: 1, massChangeMinimum: 1000 } : {}),
    },
  };
  const settings = sabotage.settings?.(drawn) ?? drawn;
  const plan = new BayPlan();
  const shared = draw.chance(0.5);
  const faults = new Faults(clock, random, enabled);
  const bookings = new MemoryBookings({
    clock,
    timeZone: settings.timeZone,
    units: [...BAYS.map((bay) => bay.resourceUnitId), UNROUTED_UNIT],
    cancellationHours: mode === 'rebook' || draw.chance(0.3) ? 24 : null,
    reschedule: mode === 'rebook' ? 'off' : mode,
  });
  const calendars = new MemoryCalendars({
    clock,
    calendars: BAYS.map((bay) => bay.calendarId),
    pageSize: draw.pick([3, 50, 2500]) ?? 50,
    notificationDelayMs: 200,
    onNotification: (notification) => {
      if (!faults.lasts('missed-notification')) onNotification(notification);
    },
  });
  const data = new MemoryData();
  const ownerOf = (eventId: string): string | null => mapOfEvent(data, eventId)?.uscheduleAppointmentId ?? null;
  const presentId = (appointmentId: string): string => {
    const earlier = new Set<string>();
    let id = appointmentId;
    for (let next: string | null | undefined = id; next && !earlier.has(next); next = data.maps.get(id)?.supersededBy) {
      id = next;
      earlier.add(id);
    }
    return id;
  };
  const mirrorOf = (appointmentId: string): EventRef | null => {
    const map = data.maps.get(appointmentId);
    return map ? refOf(map) : null;
  };
  const isReportedCopy = (eventId: string): boolean =>
    MAKES_COPIES.some((kind) => (faults.counts[kind] ?? 0) > 0) &&
    [...data.eventRecords.values()].some((record) => record.kind === 'copy' && record.eventId === eventId);
  return {
    clock,
    random,
    get settings(): SyncSettings {
      return { ...settings, bays: plan.open };
    },
    plan,
    faults,
    bookings,
    served: new RecordedBookings(bookings, faults, random, now),
    calendars,
    people: new People({
      bookings,
      calendars,
      plan,
      otherUnit: UNROUTED_UNIT,
      ownerOf,
      presentId,
      mirrorOf,
      isReportedCopy,
      now,
    }),
    isReportedCopy,
    data,
    lostMaps: new LostMaps(plan, LEASE_MS),
    powerCut: new PowerCut(data, clock),
    second: new MemoryData(),
    shared,
  };
}

/** Describes the configuration in one line. */
export function worldWords({ settings, bookings, shared, faults }: SimulationWorld): string {
  const { uschedule, google, rules, timeZone } = settings;
  const { reschedule, cancellationHours } = bookings.user.rules;
  return [
    `${shared ? 'two replicas on one store' : 'one process'}, ${timeZone}`,
    `bookings are rescheduled by ${uschedule.reschedule}${reschedule === 'new-id' ? ', under a new id' : ''}`,
    `cancelled until ${cancellationHours ?? 0} hours before, events by ${google.cancel}, ${rules.conflict}`,
    faults.everStale ? 'old answers now and then' : 'never an old answer',
    `a guard from ${rules.massChangeMinimum} changes on`,
  ].join('; ');
}
