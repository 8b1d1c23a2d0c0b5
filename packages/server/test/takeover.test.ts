import { intlTimeZones, MINUTE } from '@loft/sync-core';
import type { EventResource } from '@loft/sync-google/simulator';
import { PRODUCTION } from '@loft/sync-uschedule/simulator';
import { expect } from 'chai';
import { plan } from '#src/cli/plan.js';
import { readEnvironment } from '#src/config/environment.js';
import { FirstService } from './support/first-service.js';
import { ServiceOnSimulators } from './support/service-on-simulators.js';
import { minimalFile } from './support/settings-fixture.js';

/** Longer than USchedule stores. */
const LONG_NOTE = 'wants the launch monitor on the left side and the screen calibrated; '.repeat(5);
/** The texts that the first service writes, as `examples/loft` names them. */
const TEXTS = {
  title: '{customerName|Customer}',
  description: 'Loft-managed booking\nuSchedule appointmentId: {appointmentId}[[\nNotes: {notes}]]',
};

interface PlanJson {
  readonly entries: readonly Readonly<Record<'appointmentId' | 'reason' | 'writes' | 'action', string>>[];
  readonly notes: readonly Readonly<Record<'appointmentId' | 'reason' | 'detail', string>>[];
  readonly texts: readonly Readonly<Record<'appointmentId' | 'field' | 'old' | 'new', string>>[];
}

/** What a person sees of an event, with its id. */
function shown({ id, summary, description, start, end }: EventResource): object {
  return { id, summary, description, start: start?.dateTime, end: end?.dateTime };
}

describe('the takeover of a calendar that the studio’s first service has filled', function () {
  this.timeout(300_000);
  let studio: ServiceOnSimulators;
  let first: FirstService;
  /** Appointment ids, by the case that each appointment covers. */
  let ids: Readonly<Record<'plain' | 'nameless' | 'longNote' | 'doubled' | 'renamed' | 'second' | 'past', string>>;

  beforeEach(async () => {
    studio = await ServiceOnSimulators.open({
      simulator: PRODUCTION,
      services: [35_371, 42_215],
      uschedule: { status: 'blind', reschedule: 'rebook', locationId: PRODUCTION.locationId },
      google: { ...TEXTS, deleteGraceSeconds: 0 },
      rules: { direction: 'to-google' },
    });
    const { google, bays } = studio;
    first = new FirstService({ google, bays, timeZone: minimalFile.timeZone, timeZones: intlTimeZones() });
    const book = (unit: number, hours: number, customerName: string, notes = ''): string =>
      studio.ago(20 * MINUTE, () => studio.uschedule.book({ unit, start: studio.hour(hours), customerName, notes }));
    ids = {
      plain: book(5523, 30, 'Ana R.', 'left-handed\nbrings clubs'),
      nameless: book(5523, 32, ''),
      longNote: book(5523, 34, 'Ben S.', LONG_NOTE),
      doubled: book(5523, 36, 'Cleo T.', 'a double'),
      renamed: book(5523, 38, 'Dan U.'),
      second: book(5524, 30, 'Eve V.'),
      past: studio.ago(180 * MINUTE, () =>
        studio.uschedule.book({ unit: 5523, start: studio.hour(-2), customerName: 'Fay W.' }),
      ),
    };
    await first.sync(asListed());
    await first.insert(asListed().find(({ id }) => id === ids.doubled)!);
    studio.google.person.createEvent(bays[0]?.calendarId ?? '', { start: studio.hour(40), end: studio.hour(41) });
    studio.google.person.renameEvent(
      bays[0]?.calendarId ?? '',
      studio.eventOf(ids.renamed)?.id ?? '',
      'Dan, a birthday',
    );
    studio.google.clearCalls();
  });
  afterEach(() => studio.close());

  /** The bookings as USchedule lists them: a long note is cut off. */
  function asListed(): ReturnType<ServiceOnSimulators['uschedule']['liveBookings']> {
    return studio.uschedule.liveBookings().map((booking) => ({ ...booking, notes: booking.notes.slice(0, 250) }));
  }

  /**
   * Runs rounds of polls and sweeps with all due tasks. Some tasks remain: a past visit without evidence of its status
   * is observed again and again.
   */
  async function work(rounds = 1): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      await studio.tick();
      studio.skip(6 * MINUTE);
    }
    await studio.tick();
  }

  function events(): readonly object[] {
    return studio.calendarEvents.map(shown);
  }

  function eventsOf(id: string): number {
    return studio.mirrored.filter((mirrored) => mirrored === id).length;
  }

  async function planned(): Promise<{ readonly json: PlanJson; readonly text: string }> {
    const environment = readEnvironment(await studio.commandEnvironment());
    const run = async (json: boolean): Promise<string> => {
      let out = '';
      const output = {
        out: (text: string): void => void (out += `${text}\n`),
        err: (text: string): void => void (out += text),
      };
      expect(await plan(environment, output, { json }), out).to.equal(0);
      return out;
    };
    return { json: JSON.parse(await run(true)) as PlanJson, text: await run(false) };
  }

  it('writes nothing: no event is duplicated and no text changed', async () => {
    const before = events();
    await studio.start();
    await work(4);
    expect(events()).to.deep.equal(before);
    expect(studio.googleWrites).to.equal(0);
    expect(studio.uschedule.writes).to.deep.equal([]);
    const answer = (await (await studio.admin('GET', '/admin/bookings?status=ACTIVE')).json()) as {
      items: readonly { uscheduleAppointmentId: string }[];
    };
    const { past: _past, ...future } = ids;
    expect(answer.items.map((item) => item.uscheduleAppointmentId)).to.include.members(Object.values(future));
  });

  it('corrects an event at a wrong time, and changes nothing else of it', async () => {
    const event = studio.eventOf(ids.plain);
    studio.google.person.dragEvent(studio.bays[0]?.calendarId ?? '', event?.id ?? '', { start: studio.hour(50) });
    await studio.start();
    await work(4);
    expect(studio.googleWrites).to.equal(1);
    expect(studio.uschedule.writes).to.deep.equal([]);
    const after = studio.eventOf(ids.plain);
    expect(after).to.include({ id: event?.id, summary: event?.summary, description: event?.description });
    expect(studio.startOf(ids.plain)).to.equal(studio.hour(30));
  });

  it('lists duplicate events, and leaves none after their removal', async () => {
    await studio.start();
    await work(4);
    expect(eventsOf(ids.doubled)).to.equal(2);
    const copies = (await studio.engine.copies()).unwrap();
    expect(copies.map(({ appointmentId }) => appointmentId)).to.deep.equal([ids.doubled]);
    const removed = (await studio.engine.removeCopies()).unwrap();
    expect(removed.kept).to.deep.equal([]);
    expect(removed.removed).to.have.length(1);
    await work(4);
    expect(eventsOf(ids.doubled)).to.equal(1);
    expect(studio.googleWrites).to.equal(1);
    expect(studio.uschedule.writes).to.deep.equal([]);
    expect((await studio.engine.copies()).unwrap()).to.deep.equal([]);
  });

  it('removes the event of a booking that was cancelled while no service ran', async () => {
    studio.uschedule.cancel(ids.second);
    await studio.start();
    await work(20);
    expect(eventsOf(ids.second)).to.equal(0);
    expect(studio.googleWrites).to.equal(1);
  });

  it('is planned without a change of a text, and with the duplicates named', async () => {
    const { json, text } = await planned();
    expect(json.entries.filter(({ writes }) => writes !== 'store')).to.deep.equal([]);
    expect(json.texts).to.deep.equal([]);
    expect(text).to.contain('It would write nothing.').and.to.contain('It would change no text of an event.');
    expect(json.notes.map(({ appointmentId, reason }) => [appointmentId, reason])).to.deep.include([
      ids.doubled,
      'copy',
    ]);
  });

  it('beside the first service for a minute duplicates only events that are then listed and removed', async () => {
    await studio.start();
    await work(2);
    studio.google.clearCalls();
    const written = first.written;
    const more = [studio.book(60, 'Gus X.'), studio.book(62, 'Hal Y.', 5524), studio.book(64, 'Ida Z.')];
    for (let round = 0; round < 6; round++) {
      if (round % 2 === 0) await first.sync(asListed());
      else await work();
      if (round === 1) studio.uschedule.cancel(ids.nameless);
      if (round === 2) first.loseStore();
    }
    await work(4);
    expect(studio.uschedule.writes).to.deep.equal([]);
    (await studio.engine.removeCopies()).unwrap();
    await work(4);
    // Past events do not change: a duplicate of a past visit stays.
    const isAhead = (id: string): boolean => id !== '' && id !== ids.past;
    const live = studio.uschedule
      .liveBookings()
      .map(({ id }) => id)
      .filter(isAhead);
    expect(studio.mirrored.filter(isAhead).toSorted()).to.deep.equal(live.toSorted());
    expect(live).to.include.members(more);
    expect(studio.uschedule.writes).to.deep.equal([]);
    expect(first.written).to.be.greaterThan(written);
  });
});
