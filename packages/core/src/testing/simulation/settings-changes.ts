import { MINUTE } from '../../domain/instant.js';
import type { Invariants } from './invariants.js';
import type { Processes } from './processes.js';
import { mapOfEvent } from './rest-check.js';
import type { SeededRandom } from './seeded-random.js';
import type { FaultKind, SettingsKind } from './simulation-options.js';
import type { SimulationWorld } from './simulation-world.js';
import type { Trace } from './trace.js';

export interface SettingsChangesOptions {
  readonly world: SimulationWorld;
  readonly processes: Processes;
  readonly trace: Trace;
  readonly onDisrupted: Invariants['onDisrupted'];
}

/** An administrator changes the bays in the settings. Every change restarts all processes. */
export class SettingsChanges {
  readonly #options: SettingsChangesOptions;
  /** A calendar was deleted and is not replaced yet. */
  #replaceDeleted: (() => void) | null = null;

  constructor(options: SettingsChangesOptions) {
    this.#options = options;
  }

  strike(kind: SettingsKind, random: SeededRandom): void {
    const { plan } = this.#options.world;
    switch (kind) {
      case 'calendar-replaced':
        return this.#replaceCalendar(random);
      case 'bay-renamed':
        return this.#reconfigure(kind, 'edits-kept', () => plan.rename(random));
      case 'bay-closed':
        return this.#reconfigure(kind, 'edits-lost', () => plan.closeOrOpen(random));
      case 'bays-swapped':
        return this.#reconfigure(kind, 'edits-lost', () => plan.swap(random));
    }
  }

  /** A deleted calendar is replaced at once. */
  heal(): void {
    this.#replaceDeleted?.();
  }

  #reconfigure(kind: FaultKind, edits: Parameters<Invariants['onDisrupted']>[0], change: () => string): void {
    const { world, processes, trace, onDisrupted } = this.#options;
    onDisrupted(edits);
    processes.stopSecond();
    processes.restartAll(
      () => {},
      () => {
        world.faults.count(kind);
        const words = change();
        trace.say(() => words);
      },
    );
  }

  /** A bay gets another calendar, at once or some minutes after its calendar was deleted. */
  #replaceCalendar(random: SeededRandom): void {
    const { world, trace, onDisrupted } = this.#options;
    const { plan, calendars, clock } = world;
    if (this.#replaceDeleted) return;
    const deleted = random.chance(0.5) ? random.pick(plan.open) : undefined;
    const replace = (): void => {
      if (deleted && this.#replaceDeleted !== replace) return;
      this.#replaceDeleted = null;
      this.#reconfigure('calendar-replaced', 'edits-lost', () => {
        const { from, to } = plan.replaceCalendar(random, deleted?.calendarId);
        calendars.addCalendar(to);
        return `the calendar of a bay is ${to} instead of ${from}`;
      });
    };
    if (!deleted) return replace();
    this.#replaceDeleted = replace;
    onDisrupted('edits-lost');
    trace.say(() => `calendar ${deleted.calendarId} is deleted`);
    // An event that was moved there before is deleted with its calendar.
    for (const { eventId } of calendars.events(deleted.calendarId)) {
      if (mapOfEvent(world.data, eventId)?.googleCalendarId !== deleted.calendarId)
        world.people.edits.deleted.add(eventId);
    }
    plan.deleted = deleted.calendarId;
    calendars.removeCalendar(deleted.calendarId);
    clock.setTimer(random.int(0, 5) * MINUTE, replace);
  }
}
