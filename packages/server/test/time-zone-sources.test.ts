import { HOUR, intlTimeZones, MINUTE, type TimeZones } from '@loft/sync-core';
import { expect } from 'chai';
import { CalendarOffsets } from '#src/time-zones/calendar-offsets.js';
import { isOutdated, outdatedRulesWarning } from '#src/time-zones/outdated-rules.js';
import { placesOf, timeZoneSources } from '#src/time-zones/time-zone-sources.js';
import { compareTzVersions, findTzVersion } from '#src/time-zones/tz-version.js';
import { zoneDisagreements } from '#src/time-zones/zone-disagreements.js';
import { zonedFormatter } from '#src/time-zones/zoned-formatter.js';

const NOW = Date.UTC(2026, 10, 29);
const WINDOW = { from: NOW, to: Date.UTC(2027, 4, 1) };
const VANCOUVER = 'America/Vancouver';

/** Vancouver as tzdata 2025c had it: back to winter time on 1 November 2026, and on to summer time on 14 March 2027. */
function oldRules(version: string | null = '2025c'): TimeZones {
  const winter = { from: Date.UTC(2026, 10, 1, 9), to: Date.UTC(2027, 2, 14, 10) };
  return {
    ...intlTimeZones(),
    source: 'old files',
    version,
    isZone: () => true,
    offsetAt: (at) => (at >= winter.from && at < winter.to ? -8 : -7) * 60 * MINUTE,
    instantsOf: () => [],
  };
}

const newRules: TimeZones = { ...oldRules('2026f'), source: 'new files', offsetAt: () => -7 * 60 * MINUTE };

describe('versions of the tz database', () => {
  it('are in order by year and letters, and one that is not known comes first', () => {
    const inOrder = [null, '2025b', '2025c', '2026a', '2026c', '2026f', '2026z', '2026za', '2027a'];
    for (const [index, version] of inOrder.entries()) {
      for (const [other, later] of inOrder.entries()) {
        expect(Math.sign(compareTzVersions(version, later)), `${version} and ${later}`).to.equal(
          Math.sign(index - other),
        );
      }
    }
  });

  it('are found in what version files say', () => {
    expect(findTzVersion('# version 2026f\n# This zic input file')).to.equal('2026f');
    expect(findTzVersion('2026f\n')).to.equal('2026f');
    expect(findTzVersion('{"version":"2026f"')).to.equal('2026f');
    expect(findTzVersion('no version')).to.equal(null);
  });
});

describe('the sources of zone rules', () => {
  const places = { runtimeVersion: '2025c', systemDirectories: [], dataFile: null };

  it('come newest first: here the data of the package, or something newer', () => {
    const [newest, ...older] = timeZoneSources(placesOf({}));
    expect(compareTzVersions(newest.version, '2026f')).to.be.at.least(0);
    for (const other of older) expect(compareTzVersions(newest.version, other.version)).to.be.at.least(0);
  });

  it('are the runtime alone where there is nothing else', () => {
    const sources = timeZoneSources(places);
    expect(sources.map(({ version }) => version)).to.deep.equal(['2025c']);
  });

  it('leave out what cannot be read or has no version', () => {
    const nowhere = { ...places, systemDirectories: ['/nowhere', '/'], dataFile: '/nowhere/latest.json' };
    expect(timeZoneSources(nowhere)).to.have.length(1);
  });

  it('take a zone in any case, and refuse what is none', () => {
    for (const source of timeZoneSources(placesOf({}))) {
      for (const zone of ['America/Phoenix', 'america/phoenix', 'UTC', 'Asia/Kolkata', 'Etc/GMT+5']) {
        expect(source.isZone(zone), `${zone} by ${source.source}`).to.equal(true);
      }
      for (const none of ['', 'Mars/Base', '../zoneinfo/UTC', '/etc/passwd', '+02:00', 'America', 'tzdata.zi']) {
        expect(source.isZone(none), `${none} by ${source.source}`).to.equal(false);
        expect(() => source.offsetAt(NOW, none), none).to.throw(RangeError);
      }
    }
  });
});

describe('old zone rules', () => {
  it('are those before a release that is known, and those of a year and a half ago', () => {
    expect(isOutdated('2025c', NOW)).to.equal(true);
    expect(isOutdated('2026c', NOW)).to.equal(true);
    expect(isOutdated('2026f', NOW)).to.equal(false);
    expect(isOutdated('2026f', Date.UTC(2027, 5, 1))).to.equal(false);
    expect(isOutdated('2026f', Date.UTC(2027, 7, 1))).to.equal(true);
    expect(isOutdated(null, NOW)).to.equal(true);
  });

  it('are warned about with the dates on which they may be wrong', () => {
    const warning = outdatedRulesWarning(VANCOUVER, oldRules(), WINDOW, NOW);
    expect(warning).to.contain('old files (2025c)').and.to.contain('2026-11-01').and.to.contain('2027-03-14');
    expect(outdatedRulesWarning(VANCOUVER, newRules, WINDOW, NOW)).to.equal(null);
  });

  it('are warned about with the whole window where no clocks change', () => {
    const never = { ...newRules, version: '2025c' };
    expect(outdatedRulesWarning(VANCOUVER, never, WINDOW, NOW)).to.contain('2026-11-28 to 2027-04-30');
  });
});

describe('two sources', () => {
  it('disagree from one change of clocks to the next', () => {
    expect(zoneDisagreements(VANCOUVER, WINDOW, [newRules, oldRules()])).to.deep.equal([
      { from: NOW, to: Date.UTC(2027, 2, 14, 10), offsets: [-7 * 60 * MINUTE, -8 * 60 * MINUTE] },
    ]);
    expect(zoneDisagreements(VANCOUVER, WINDOW, [newRules, newRules])).to.deep.equal([]);
  });
});

describe('the offsets of a calendar', () => {
  const event = (start: number, startOffsetMinutes: number | null) => ({ start, startOffsetMinutes }) as never;

  it('are warned about once, with the dates on which they differ', () => {
    const told: string[] = [];
    const offsets = new CalendarOffsets({ timeZone: VANCOUVER, timeZones: oldRules() }, (text) => told.push(text));
    offsets.observe({ timeZone: VANCOUVER, events: [event(Date.UTC(2027, 3, 2, 20), -420)] });
    expect(offsets.warning()).to.equal(null);
    offsets.observe({ timeZone: VANCOUVER, events: [event(Date.UTC(2026, 11, 2, 20), -420)] });
    offsets.observe({ timeZone: VANCOUVER, events: [event(Date.UTC(2026, 11, 10, 20), -420)] });
    expect(told).to.have.length(1);
    expect(offsets.warning()).to.contain('−07:00').and.to.contain('−08:00').and.to.contain('2026-12-02 to 2026-12-10');
  });

  it('are seen where the zone is at UTC, too: the calendar writes `Z` then', () => {
    const casablanca = { ...oldRules(), offsetAt: () => HOUR };
    const offsets = new CalendarOffsets({ timeZone: 'Africa/Casablanca', timeZones: casablanca });
    offsets.observe({ timeZone: 'Africa/Casablanca', events: [event(Date.UTC(2026, 11, 2, 20), 0)] });
    expect(offsets.warning()).to.contain('+00:00 and not +01:00').and.to.contain('2026-12-02');
  });

  it('say nothing where times are written in UTC, far from the zone', () => {
    const offsets = new CalendarOffsets({ timeZone: VANCOUVER, timeZones: oldRules() });
    offsets.observe({ timeZone: VANCOUVER, events: [event(Date.UTC(2026, 11, 2, 20), 0)] });
    expect(offsets.warning()).to.equal(null);
  });

  it('say nothing of a calendar in another zone, nor of an event without an offset', () => {
    const offsets = new CalendarOffsets({ timeZone: VANCOUVER, timeZones: oldRules() });
    offsets.observe({ timeZone: 'America/Phoenix', events: [event(Date.UTC(2026, 11, 2, 20), -420)] });
    offsets.observe({ timeZone: null, events: [event(Date.UTC(2026, 11, 2, 20), -420)] });
    offsets.observe({ timeZone: VANCOUVER, events: [event(Date.UTC(2026, 11, 2, 20), null)] });
    expect(offsets.warning()).to.equal(null);
  });
});

describe('a time for a person', () => {
  it('is written by the rules of the service, and not by those of the runtime', () => {
    const time = zonedFormatter({ timeZone: VANCOUVER, timeZones: newRules }, 'en-GB', {
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
    });
    expect(time(Date.UTC(2026, 11, 10, 6, 30)))
      .to.contain('9')
      .and.to.contain('23:30');
  });
});
