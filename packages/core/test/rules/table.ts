import type { BookingCase, EventCase, MapCase } from './every-case.js';

/** One case: a map, a booking, an event, and what else matters. */
export interface Case {
  readonly map: MapCase;
  readonly booking: BookingCase | null;
  readonly event: EventCase | null;
  readonly refusal: boolean;
  readonly policy: 'last-write-wins' | 'booking-wins' | 'one-way';
  readonly trust: 'trusted' | 'blind';
}

/** One row of the table, or one of the rules that come before it: when it holds, and what it says then. */
export interface Row {
  readonly row: string;
  readonly answers: string;
  readonly when: (facts: Facts) => boolean;
  readonly does: (facts: Facts) => string;
}

/** A case in the table's words. */
export type Facts = ReturnType<typeof factsOf>;

/** What the booking is taken to say: as it was seen, or as the base where an old answer may still be served. */
const AS_BASE: BookingCase = {
  status: 'live',
  known: true,
  time: 'base',
  bay: 'home',
  text: 'base',
  sure: true,
  stale: false,
};

/** The calendar, or the bay, in which the map has the event, and the other one. */
type Side = 'home' | 'other';

const isOverTime = (time: string | undefined): boolean => time === 'past' || time === 'today';

/** The words of the table, found out from the names of a case alone, without a look at what `decide` is given. */
export function factsOf({ map, booking: read, event: seen, refusal, policy, trust }: Case) {
  // The booking of a superseded appointment has no event any more: that of its map belongs to another one.
  const event = map.state === 'superseded' ? null : seen;
  const none = map.state === 'none';
  const marked = event?.state === 'live' && event.marks !== 'removed';
  const derived = event?.id === 'mirror';
  const another = !none && event?.id === 'other';
  const stands = event?.state === 'live' && !event.canceled;
  const alive = read !== null && read.known && read.status !== 'dead';
  const over = alive && read.time === 'past';

  // The active map, step by step. What our own interrupted write has done to the event is no person's edit.
  const mapped = map.state === 'active' && !another;
  const shows = mapped && event?.state === 'live';
  const gotWrite = shows && event.written === true;
  const ownMove = shows && map.intent === 'write-bay' && event.calendar === 'other';
  const bayOfMap: Side = ownMove || (gotWrite && map.intent === 'write-bay') ? 'other' : 'home';
  const baseBay: Side = bayOfMap;
  const baseOfMap = ({ history: 'past', today: 'today', none: 'base' } as const)[map.over];
  const baseTime: BookingCase['time'] = gotWrite && map.intent === 'write-time' ? 'edited' : baseOfMap;
  const history = map.over === 'history' && !(alive && !over);
  const echo = event?.state === 'live' && event.etag === 'same' && event.calendar === 'home';
  const news = event !== null && !echo;
  // Our interrupted move of it may have been undone by a person: the other calendar shows that.
  const mayBeBack = shows && map.intent === 'write-bay' && !gotWrite && event.calendar === 'home';
  const lookForMove = mayBeBack && news && !event.proven;
  const active = mapped && !lookForMove && !(history && !news);
  const staleBooking = active && read !== null && read.stale;
  const staleEvent = active && !staleBooking && news && event.stale;
  const older = active && !staleBooking && !staleEvent && news && event.updated === 'older';
  const olderVersion = older && map.recent;
  const olderUnread = older && !map.recent && event.state === 'live' && !event.proven;
  const fresh = active && !staleBooking && !staleEvent && !olderVersion && !olderUnread;

  const isOver = alive ? isOverTime(read.time) : map.over !== 'none';
  const misplacedRead = read !== null && (read.time !== baseTime || read.bay !== bayOfMap);
  const renamedRead = read !== null && read.bay === bayOfMap && read.bay !== baseBay;
  const readingDiffers = read !== null && (!alive || misplacedRead || read.text !== 'base');
  const doubtful = fresh && !history && !refusal && readingDiffers && !renamedRead;
  const outdated = doubtful && map.written === 'just-before' && !read.fresh;
  const echoing = doubtful && map.written === 'in-window';
  const tooEarly = echoing && (!news || !read.known || isOver);

  const booking: BookingCase | null = echoing ? { ...AS_BASE, time: baseTime, bay: bayOfMap } : read;
  const current = fresh && !tooEarly && !outdated;
  const dead = current && !history && booking !== null && (booking.status === 'dead' || !booking.known);
  const settled = current && !history && !dead;
  const noRoute = booking?.bay === 'none';
  const moved = booking !== null && (booking.time !== baseTime || booking.bay !== bayOfMap);
  const renamed = booking !== null && booking.bay === bayOfMap && booking.bay !== baseBay;
  const differs = moved || renamed || (booking !== null && booking.text !== 'base');
  const refused = settled && refusal && event !== null && (event.state === 'gone' || marked);

  // A visit that is over.
  const unlike = event !== null && event.shape !== 'timed';
  const elsewhere = event !== null && event.calendar !== bayOfMap;
  const misplaced = event !== null && (unlike || event.time !== baseTime || elsewhere);
  const changesPast = settled && isOver && marked && !misplaced && differs && !noRoute;
  const overNews = (current && history) || (settled && !refused && news && isOver && !changesPast);
  const plain = settled && !refused && !overNews;
  const overEdit = overNews && marked && misplaced;
  const overAgreed =
    overNews && !overEdit && !history && booking !== null && !noRoute && (differs || map.intent !== 'none');
  const overSure = overEdit && (!elsewhere || event.proven);
  const playsOn =
    overSure && alive && !differs && !unlike && !elsewhere && baseTime === 'today' && event.time === 'drawn';

  // An edit.
  const restoredOlder = plain && older && event.state === 'live' && !isOver;
  const liveNews = plain && news && event.state === 'live' && !restoredOlder;
  const unmarkedFar = liveNews && event.marks === 'removed' && elsewhere && !event.proven;
  const edit = liveNews && !unmarkedFar;
  const unmarked = edit && event.marks === 'removed';
  const timeEdited = edit && !unmarked && !unlike && event.time !== baseTime;
  const bayEdited = edit && !unmarked && !unlike && elsewhere;
  const placeEdited = timeEdited || bayEdited;
  const placeSure = placeEdited && (!bayEdited || event.proven);
  const unsupported = edit && !unmarked && (unlike || (placeEdited && isOverTime(event.time)));
  const unsupportedSure = unsupported && (unlike || placeSure);
  const placeKept = edit && !unmarked && !unlike && !placeEdited;
  const wrongBay = placeKept && event.marks === 'wrong-bay';
  const textEdited = placeKept && (event.text !== 'base' || event.canceled);
  const gone = plain && news && event.state === 'gone';
  const agrees =
    placeEdited &&
    !unsupported &&
    (!timeEdited || booking?.time === event?.time) &&
    (!bayEdited || booking?.bay === 'other');
  const oneWay = policy === 'one-way';

  // The canceled map.
  const canceled = map.state === 'canceled' && !another;
  const believed = canceled && trust === 'trusted';
  const revived = believed && read !== null && !read.stale && alive && read.status === 'live';
  const revivedThen = revived && map.written === 'just-before' && !read.fresh;
  const revivedNow = revived && !revivedThen && map.written !== 'in-window';
  const lookFirst = believed && ((read === null && !(event !== null && !stands)) || (read !== null && read.stale));
  const laidToRest = canceled && !lookFirst && !revived;
  const leftBehind = revivedNow && !over && read.bay === 'none' && stands && marked;
  const copyOfDead = map.state === 'canceled' && another && marked && stands;
  const sameCopy = copyOfDead && !unlike && event.time === baseTime;

  // A superseded one that is live again.
  const risen = map.state === 'superseded' && trust === 'trusted' && alive && read.status === 'live';
  const risenSure = risen && read.sure && !read.stale;

  // No map.
  const candidate = none && event?.state === 'live' && (marked || derived);
  const unmapped = none && read !== null;
  const dying = unmapped && !alive;
  const orphaned = dying && marked && stands;
  // Its id is one that we derive, and its marks were removed.
  const unmarkedOrphan = dying && candidate && !marked && stands;
  const born = unmapped && alive && !over;
  const overEvent = event !== null && !unlike && isOverTime(event.time);
  // An insert of ours that was never recorded, of a booking that has gone to a unit of no bay.
  const unrecorded = born && read.status === 'live' && read.bay === 'none' && candidate && stands && derived && !unlike;

  return {
    map,
    baseTime,
    baseBay,
    bayOfMap,
    none,
    marked,
    another,
    stands,
    over,
    policy,
    trust,
    event,
    read,
    alive,
    history: mapped && history && !news,
    news,
    lookForMove,
    unmarkedFar,
    staleBooking,
    staleEvent,
    olderVersion,
    olderUnread,
    restoredOlder,
    tooEarly,
    booking,
    dead,
    noRoute,
    moved,
    underway: map.intent !== 'none',
    differs,
    refused,
    overNews,
    overEdit,
    overAgreed,
    overSure,
    playsOn,
    plain,
    unmarked,
    unlike,
    unsupported,
    unsupportedSure,
    timeEdited,
    bayEdited,
    placeEdited,
    placeSure,
    placeKept,
    wrongBay,
    textEdited,
    gone,
    agrees,
    oneWay,
    superseded: map.state === 'superseded',
    risen,
    risenSure,
    canceled,
    revived,
    revivedNow,
    lookFirst,
    laidToRest,
    leftBehind,
    copyOfDead,
    sameCopy,
    waitsForEcho: revived && map.written === 'in-window',
    outdated: outdated || revivedThen,
    candidate,
    unmapped,
    dying,
    orphaned,
    unmarkedOrphan,
    overEvent,
    born,
    unrecorded,
  };
}

const nothing = (): string => 'nothing';

/** The booking has news that the event does not stand against, and a bay to show them in. */
function toBeShown(f: Facts): boolean {
  if (!f.plain || !f.booking || !f.differs || f.noRoute) return false;
  return !f.news || f.unmarked || f.placeKept || (f.agrees && f.placeSure && !f.oneWay);
}

function leftOurBays(f: Facts): boolean {
  if (!f.booking || !f.noRoute) return false;
  if (f.refused) return true;
  return (
    f.plain &&
    (!f.news || f.restoredOlder || f.unmarked || f.placeKept || f.unsupportedSure || f.placeSure || provenGone(f))
  );
}

function provenGone(f: Facts): boolean {
  return f.gone && f.event?.proven === true;
}

/** The event of an unchanged booking is gone, and had our marks. */
function deletedHere(f: Facts): boolean {
  return !forbidden(f) && provenGone(f) && f.booking !== null && !f.differs && f.map.flags !== 'unmarked';
}

/** The direction of the bays forbids what the edit asks for: docs/decision-table.md#row-21c. */
function forbidden(f: Facts): boolean {
  if (!f.oneWay || f.booking === null || f.noRoute) return false;
  if (f.playsOn) return true;
  if (provenGone(f)) return !f.differs;
  return f.unsupported ? f.unsupportedSure && f.moved : f.placeSure;
}

/** The event was edited after the booking was read. In the booking's new bay it may have been we who moved it last. */
function laterEdit(f: Facts): boolean {
  const doubt = f.unsupported || (f.bayEdited && f.booking?.bay === 'other');
  return f.policy === 'last-write-wins' && f.event?.updated === 'after' && !doubt;
}

const baseOf = (booking: BookingCase | null): string => `${booking?.time}/${booking?.bay}/${booking?.text}`;

/** What both sides last agreed on. */
const baseOfMap = (f: Facts): BookingCase => ({ ...AS_BASE, time: f.baseTime, bay: f.baseBay });

/** The map's event, which no write of ours follows: the texts that are not ours. See docs/decision-table.md#whose-text. */
function personsTexts(event: EventCase, booking: BookingCase): readonly string[] {
  const title = event.canceled || event.text === 'person' || (event.text === 'agreed' && booking.text !== 'title');
  const description = event.text === 'cake' || (event.text === 'agreed' && booking.text !== 'description');
  return [...(description ? ['ownDescription'] : []), ...(title ? ['ownTitle'] : [])];
}

/** What is remembered of an event that was seen, or of one that was not. */
function noted(f: Facts, event: EventCase | null, booking: BookingCase): string {
  const remembered = { none: [], unmarked: ['unmarked'], 'own-description': ['ownDescription'] }[f.map.flags];
  const flags = event
    ? [...personsTexts(event, booking), ...(event.marks === 'removed' ? ['unmarked'] : [])]
    : remembered;
  return flags.map((flag) => `, ${flag}`).join('');
}

/**
 * The fields of a write that makes the mirror show the booking, without a person's text: docs/decision-table.md#row-9
 * and its kin.
 */
function mirrorFields(f: Facts, event: EventCase | null, booking: BookingCase): readonly string[] {
  const unlike = event !== null && event.shape !== 'timed';
  const time = unlike || (event?.time ?? f.baseTime) !== booking.time;
  const isPersons = event ? event.text === 'cake' : f.map.flags === 'own-description';
  const isFormer = event?.text === 'former';
  const text = booking.text !== 'base' && event?.text !== 'agreed' && !(booking.text === 'description' && isPersons);
  const renamed = booking.bay === f.bayOfMap && booking.bay !== f.baseBay;
  return [
    ...(time ? ['end', 'start'] : []),
    ...(unlike && event.shape === 'recurring' ? ['single'] : []),
    ...(renamed ? ['stamp'] : []),
    ...(isFormer ? ['title', 'description'] : text ? [booking.text] : []),
  ].sort();
}

/**
 * The fields of a write that makes an event without an active map show the booking, without a person's text. A text as the
 * canceled map has it is ours.
 */
function allFields(event: EventCase, booking: BookingCase, isCanceled: boolean): readonly string[] {
  const unlike = event.shape !== 'timed';
  const isFormer = event.text === 'former';
  const wrongBay = event.marks === 'removed' || (event.marks === 'wrong-bay') !== (booking.bay === 'other');
  const ours = { base: ['title', 'description'], cake: ['title'], person: ['description'] }[event.text as string] ?? [];
  const isOutdated = isCanceled && ours.includes(booking.text);
  return [
    ...(isFormer ? ['description'] : []),
    ...(unlike || event.time !== booking.time ? ['end', 'start'] : []),
    ...(event.canceled ? ['free'] : []),
    ...(event.shape === 'recurring' ? ['single'] : []),
    ...(wrongBay ? ['stamp'] : []),
    ...(event.canceled || isFormer ? ['title'] : []),
    ...(isOutdated && !(event.canceled && booking.text === 'title') ? [booking.text] : []),
  ].sort();
}

function written(event: EventCase | null, booking: BookingCase, fields: readonly string[]): string | null {
  const from = event?.calendar ?? 'home';
  if (from === booking.bay && fields.length === 0) return null;
  const etag = event?.etag ?? 'same';
  return `write ${from}→${booking.bay} {${fields.join()}} if ${etag} = ${baseOf(booking)}`;
}

/** The write of the mirror; what both sides agree on already is stored. */
function shown(f: Facts): string {
  const event = f.news ? f.event : null;
  return f.booking ? (written(event, f.booking, mirrorFields(f, event, f.booking)) ?? stored(f, event, f.booking)) : '';
}

function stored(f: Facts, event: EventCase | null, booking: BookingCase): string {
  const under = `${event?.calendar ?? 'home'} under ${event?.etag ?? 'same'}`;
  return `store ${baseOf(booking)} in ${under}${noted(f, event, booking)}`;
}

/** The map of a visit that is over, as if the event showed the booking. */
function settledPast(f: Facts, booking: BookingCase): string {
  const event = f.event?.state === 'gone' ? null : f.event;
  return `store ${baseOf(booking)} in ${booking.bay} under ${event?.etag ?? 'same'}${noted(f, event, booking)}`;
}

function reverted(f: Facts): string {
  return f.booking ? overwritten(f, f.booking) : '';
}

function overwritten(f: Facts, booking: BookingCase): string {
  if (!f.event) return '';
  if (f.event.state === 'gone') return `restore ${baseOf(booking)}`;
  return written(f.event, booking, mirrorFields(f, f.event, booking)) ?? stored(f, f.event, booking);
}

/** The booking of a visit that is over, or what is known of one that is not there or has no bay. */
function revertedPast(f: Facts): string {
  return overwritten(f, f.alive && f.read && f.read.bay !== 'none' ? f.read : { ...baseOfMap(f), bay: f.bayOfMap });
}

function restored(f: Facts): string {
  return `restore ${baseOf(f.booking)}`;
}

function followed(f: Facts): string {
  return `reschedule ${f.event?.time}/${f.event?.calendar}/base`;
}

const cancelledEvent = (f: Facts): string => (f.event ? `cancel event in ${f.event.calendar}` : 'cancel event');

function takenOver(f: Facts): string | null {
  return f.event && f.read && written(f.event, f.read, allFields(f.event, f.read, f.map.state === 'canceled'));
}

function adoptedAsItIs({ event }: Facts): string {
  return `adopt with null = ${event?.time}/${event?.calendar}/${event?.text === 'agreed' ? 'title' : 'base'}`;
}

/** The map, under what is known of its event now: docs/decision-table.md#row-8, #row-15 and #row-19. */
function remembered(f: Facts, etag: string, flags: string): string {
  const { baseTime, baseBay, bayOfMap } = f;
  const underway = f.underway && !f.booking ? ', underway' : '';
  return `store ${baseTime}/${baseBay}/base in ${bayOfMap} under ${etag === 'kept' ? 'same' : etag}${underway}${flags}`;
}

/** Only the bay in the marks is wrong: docs/decision-table.md#echoes-and-loops. */
const mustName = (f: Facts): boolean => f.wrongBay && !f.differs && f.map.intent === 'none';

const namedAgain = (f: Facts, event: EventCase): string =>
  `write ${event.calendar}→${event.calendar} {stamp} if ${event.etag} = ${f.baseTime}/${f.baseBay}/base`;

function inSync(f: Facts): string {
  const isOver = f.underway && f.booking !== null;
  if (f.placeKept && (isOver || f.map.flags !== 'none')) return remembered(f, f.event?.etag ?? '', '');
  return isOver ? remembered(f, 'same', noted(f, null, baseOfMap(f))) : 'nothing';
}

/** The rows of docs/decision-table.md, and before them what must be known or waited for. Exactly one holds. */
export const ROWS: readonly Row[] = [
  {
    row: 'first',
    answers: 'look booking',
    does: nothing,
    when: (f) =>
      (f.none && f.read === null && !(f.event?.state === 'live' && !f.candidate)) ||
      (f.orphaned && f.read?.sure === false) ||
      (f.unmarkedOrphan && !f.overEvent && f.read?.sure === false) ||
      (f.risen && !f.risenSure && !f.over && f.read?.bay !== 'none') ||
      (f.sameCopy && (f.read === null || f.read.stale)) ||
      f.staleBooking ||
      f.outdated ||
      f.lookFirst ||
      (f.overSure && f.read === null) ||
      ((f.refused || provenGone(f) || f.restoredOlder || f.unsupported || f.placeEdited) && f.booking === null) ||
      (f.unmarked && f.underway && f.booking === null) ||
      (f.plain && f.event === null && f.booking === null),
  },
  {
    row: 'first',
    answers: 'look event',
    does: nothing,
    when: (f) =>
      f.lookForMove ||
      f.unmarkedFar ||
      f.staleEvent ||
      f.olderUnread ||
      (f.overEdit && !f.overSure) ||
      (f.gone && f.event?.proven === false) ||
      (f.bayEdited && f.event?.proven === false && f.booking !== null) ||
      ((f.laidToRest ? f.stands : f.leftBehind) && f.event?.stale === true) ||
      (f.revivedNow && !f.over && f.read?.bay !== 'none' && f.event?.stale === true),
  },
  { row: 'first', answers: 'wait 5000', does: nothing, when: (f) => f.tooEarly || f.olderVersion || f.waitsForEcho },
  {
    row: 'first',
    answers: 'wait for news',
    does: nothing,
    when: (f) =>
      (f.born && f.read?.status === 'unknown' && !(f.marked && f.stands)) ||
      (f.laidToRest &&
        f.stands &&
        !f.event?.stale &&
        f.marked &&
        f.trust === 'trusted' &&
        f.read?.status === 'unknown'),
  },
  {
    row: '1',
    answers: 'new-booking',
    when: (f) => f.born && f.read?.status === 'live' && f.read.bay !== 'none' && !f.candidate,
    does: (f) => `create ${baseOf(f.read)}`,
  },
  {
    row: '2',
    answers: 'no-route',
    when: (f) =>
      ((f.born && f.read?.status === 'live' && !f.unrecorded) ||
        (f.revivedNow && !f.over && !f.leftBehind) ||
        (f.risen && !f.over)) &&
      f.read?.bay === 'none',
    does: nothing,
  },
  { row: '3', answers: 'dead-on-arrival', when: (f) => f.dying && !f.orphaned && !f.unmarkedOrphan, does: nothing },
  {
    row: '4',
    answers: 'adopt',
    when: (f) => f.unrecorded || (f.born && f.read?.status === 'live' && f.read.bay !== 'none' && f.candidate),
    does: (f) => (f.unrecorded ? adoptedAsItIs(f) : `adopt with ${takenOver(f)} = ${baseOf(f.read)}`),
  },
  {
    row: '5',
    answers: 'orphan',
    when: (f) => f.orphaned && f.read?.sure === true && !f.overEvent,
    does: cancelledEvent,
  },
  {
    row: '6',
    answers: 'orphan-unproven',
    when: (f) =>
      (f.born && f.read?.status === 'unknown' && f.marked && f.stands) ||
      (f.unmarkedOrphan && !f.overEvent && f.read?.sure === true),
    does: nothing,
  },
  {
    row: '7',
    answers: 'not-managed',
    when: (f) =>
      (f.none && f.read === null && f.event?.state === 'live' && !f.candidate) ||
      (f.another && !f.marked) ||
      (f.another && f.marked && f.map.state === 'canceled' && !f.copyOfDead),
    does: nothing,
  },
  {
    row: '8',
    answers: 'in-sync',
    when: (f) =>
      f.plain &&
      !f.differs &&
      !mustName(f) &&
      ((!f.news && (f.booking !== null || f.event !== null)) || (f.placeKept && !f.textEdited)),
    // A change that was begun and shows on neither side is over.
    does: inSync,
  },
  {
    row: '9',
    answers: 'booking-changed',
    when: (f) => mustName(f) || (toBeShown(f) && shown(f).startsWith('write') && !movesBay(f)),
    does: (f) => (mustName(f) && f.event ? namedAgain(f, f.event) : shown(f)),
  },
  {
    row: '10',
    answers: 'booking-moved-bay',
    when: (f) =>
      (toBeShown(f) && shown(f).startsWith('write') && movesBay(f)) ||
      leftOurBays(f) ||
      (f.leftBehind && f.event?.stale === false),
    does: (f) => {
      if (f.noRoute) return f.news || f.refused || f.leftBehind ? cancelledEvent(f) : 'cancel event';
      return shown(f);
    },
  },
  {
    row: '11',
    answers: 'booking-cancelled',
    when: (f) => f.dead && !(f.trust === 'blind' && isOverTime(f.baseTime)),
    does: cancelledEvent,
  },
  {
    row: '12',
    answers: 'event-moved',
    when: (f) =>
      !forbidden(f) &&
      (f.playsOn || (f.timeEdited && !f.bayEdited && f.booking !== null && !f.moved && !f.unsupported)),
    does: followed,
  },
  {
    row: '13',
    answers: 'event-moved-bay',
    when: (f) => !forbidden(f) && f.bayEdited && f.placeSure && f.booking !== null && !f.moved && !f.unsupported,
    does: followed,
  },
  {
    row: '14',
    answers: 'event-deleted',
    when: (f) => deletedHere(f) && !f.event?.unsearched,
    does: () => 'cancel booking',
  },
  {
    row: '15',
    answers: 'text-edited',
    when: (f) => f.textEdited && !f.differs && !mustName(f),
    does: (f) => remembered(f, 'new', f.event ? noted(f, f.event, baseOfMap(f)) : ''),
  },
  { row: '16', answers: 'converged', when: (f) => toBeShown(f) && shown(f).startsWith('store'), does: shown },
  {
    row: '17',
    answers: 'conflict',
    when: (f) =>
      (f.restoredOlder && f.booking !== null && !f.noRoute) ||
      (!forbidden(f) && f.moved && !f.noRoute && (f.unsupportedSure || (f.placeSure && !f.unsupported && !f.agrees))),
    does: (f) => (laterEdit(f) ? followed(f) : reverted(f)),
  },
  {
    row: '18',
    answers: 'conflict-restore',
    when: (f) => provenGone(f) && f.booking !== null && f.differs && !f.noRoute,
    does: restored,
  },
  {
    row: '19',
    answers: 'metadata-removed',
    when: (f) =>
      (f.unmarked && !f.differs && !(f.underway && f.booking === null)) ||
      (!forbidden(f) && provenGone(f) && f.booking !== null && !f.differs && f.map.flags === 'unmarked') ||
      (f.laidToRest && f.stands && !f.event?.stale && !f.marked),
    does: (f) => {
      if (f.gone) return restored(f);
      if (!f.unmarked || (f.map.flags === 'unmarked' && !f.underway)) return 'nothing';
      return remembered(f, 'kept', `${f.map.flags === 'none' ? '' : ', ownDescription'}, unmarked`);
    },
  },
  {
    row: '20',
    answers: 'unsupported-edit',
    when: (f) =>
      (f.unsupportedSure && f.booking !== null && !f.moved) || (deletedHere(f) && f.event?.unsearched === true),
    does: reverted,
  },
  { row: '21', answers: 'edit-refused', when: (f) => f.refused && f.booking !== null && !f.noRoute, does: reverted },
  { row: '21c', answers: 'one-way', when: forbidden, does: reverted },
  {
    row: '22',
    answers: 'in-sync',
    when: (f) => (f.superseded && !f.risen) || (f.laidToRest && !f.stands),
    does: nothing,
  },
  {
    row: '23',
    answers: 'dead-stays-dead',
    when: (f) =>
      (f.sameCopy && f.read?.stale === false && !f.alive) ||
      (f.laidToRest &&
        f.stands &&
        !f.event?.stale &&
        f.marked &&
        (f.trust === 'blind' || f.read === null || f.read.status === 'dead')),
    does: (f) => (f.sameCopy ? 'remove-copy' : cancelledEvent(f)),
  },
  {
    row: '24',
    answers: 'booking-revived',
    when: (f) => ((f.revivedNow && !f.event?.stale) || f.risenSure) && !f.over && f.read?.bay !== 'none',
    does: (f) => {
      if (f.risenSure) return `create ${baseOf(f.read)}`;
      if (f.event?.state !== 'live') return `restore ${baseOf(f.read)}`;
      return takenOver(f) ?? `adopt with null = ${baseOf(f.read)}`;
    },
  },
  {
    row: '25',
    answers: 'copy',
    when: (f) =>
      (f.another && f.marked && f.map.state === 'active') ||
      (f.copyOfDead && !f.sameCopy) ||
      (f.sameCopy && f.read?.stale === false && f.alive),
    does: () => 'record-copy',
  },
  {
    row: '26',
    answers: 'past',
    when: (f) =>
      f.history ||
      (f.overNews && !f.overEdit) ||
      (f.dead && f.trust === 'blind' && isOverTime(f.baseTime)) ||
      (f.orphaned && f.read?.sure === true && f.overEvent) ||
      (f.unmarkedOrphan && f.overEvent) ||
      (f.unmapped && f.over) ||
      ((f.revivedNow || f.risen) && f.over),
    // The change of the booking shows nowhere, and no poll tries it again.
    does: (f) => (f.overAgreed && f.booking ? settledPast(f, f.booking) : nothing()),
  },
  {
    row: '26a',
    answers: 'past-edit',
    when: (f) => f.overSure && f.read !== null && !f.playsOn,
    does: revertedPast,
  },
];

function movesBay(f: Facts): boolean {
  return ((f.news ? f.event?.calendar : null) ?? 'home') !== f.booking?.bay;
}
