import { HOUR, intlTimeZones, MINUTE, type TimeZones } from '@loft/sync-core';
import { expect } from 'chai';
import { CalendarOffsets } from '#src/time-zones/calendar-offsets.js';
import { clockText } from '#src/time-zones/clock-text.js';
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
  it('are ordered by year and letter, with an unknown version first', () => {
    const inOrder = [null, '2025b', '2025c', '2026a', '2026c', '2026f', '2026z', '2026za', '2027a'];
    for (const [index, version] of inOrder.entries()) {
      for (const [other, later] of inOrder.entries()) {
        expect(Math.sign(compareTzVersions(version, later)), `${version} and ${later}`).to.equal(
          Math.sign(index - other),
        );
      }
    }
  });

  it('are found in version files', () => {
    expect(findTzVersion('# version 2026f\n# This zic input file')).to.equal('2026f');
    expect(findTzVersion('2026f\n')).to.equal('2026f');
    expect(findTzVersion('{"version":"2026f"')).to.equal('2026f');
    expect(findTzVersion('no version')).to.equal(null);
  });
});

describe('the sources of zone rules', () => {
  const places = { runtimeVersion: '2025c', systemDirectories: [], dataFile: null };

  it('are ordered newest first: the package’s data, or a newer source', () => {
    const [newest, ...older] = timeZoneSources(placesOf({}));
    expect(compareTzVersions(newest.version, '2026f')).to.be.at.least(0);
    for (const other of older) expect(compareTzVersions(newest.version, other.version)).to.be.at.least(0);
  });

  it('are the runtime alone if there is no other source', () => {
    const sources = timeZoneSources(places);
    expect(sources.map(({ version }) => version)).to.deep.equal(['2025c']);
  });

  it('leave out unreadable sources and sources without a version', () => {
    const nowhere = { ...places, systemDirectories: ['/nowhere', '/'], dataFile: '/nowhere/latest.json' };
    expect(timeZoneSources(nowhere)).to.have.length(1);
  });

  it('accept a zone name in any letter case, and refuse an unknown one', () => {
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
  it('are older than a known release, or older than a year and a half', () => {
    expect(isOutdated('2025c', NOW)).to.equal(true);
    expect(isOutdated('2026c', NOW)).to.equal(true);
    expect(isOutdated('2026f', NOW)).to.equal(false);
    expect(isOutdated('2026f', Date.UTC(2027, 5, 1))).to.equal(false);
    expect(isOutdated('2026f', Date.UTC(2027, 7, 1))).to.equal(true);
    expect(isOutdated(null, NOW)).to.equal(true);
  });

  it('cause a warning with the dates on which they may be wrong', () => {
    const warning = outdatedRulesWarning(VANCOUVER, oldRules(), WINDOW, NOW);
    expect(warning).to.contain('old files (2025c)').and.to.contain('2026-11-01').and.to.contain('2027-03-14');
    expect(outdatedRulesWarning(VANCOUVER, newRules, WINDOW, NOW)).to.equal(null);
  });

  it('cause a warning with the whole window if no clocks change in it', () => {
    const never = { ...newRules, version: '2025c' };
    expect(outdatedRulesWarning(VANCOUVER, never, WINDOW, NOW)).to.contain('2026-11-28 to 2027-04-30');
  });
});

describe('two sources', () => {
  it('disagree from one clock change to the next', () => {
    expect(zoneDisagreements(VANCOUVER, WINDOW, [newRules, oldRules()])).to.deep.equal([
      { from: NOW, to: Date.UTC(2027, 2, 14, 10), offsets: [-7 * 60 * MINUTE, -8 * 60 * MINUTE] },
    ]);
    expect(zoneDisagreements(VANCOUVER, WINDOW, [newRules, newRules])).to.deep.equal([]);
  });
});

describe('the offsets of a calendar', () => {
  const event = (start: number, startOffsetMinutes: number | null) => ({ start, startOffsetMinutes }) as never;

  it('cause one warning, with the dates on which they differ', () => {
    const warnings: string[] = [];
    const offsets = new CalendarOffsets({ timeZone: VANCOUVER, timeZones: oldRules() }, (text) => warnings.push(text));
    offsets.observe({ timeZone: VANCOUVER, events: [event(Date.UTC(2027, 3, 2, 20), -420)] });
    expect(offsets.warning()).to.equal(null);
    offsets.observe({ timeZone: VANCOUVER, events: [event(Date.UTC(2026, 11, 2, 20), -420)] });
    offsets.observe({ timeZone: VANCOUVER, events: [event(Date.UTC(2026, 11, 10, 20), -420)] });
    expect(warnings).to.have.length(1);
    expect(offsets.warning()).to.contain('−07:00').and.to.contain('−08:00').and.to.contain('2026-12-02 to 2026-12-10');
  });

  it('are compared for a zone at UTC too, where the calendar writes `Z`', () => {
    const casablanca = { ...oldRules(), offsetAt: () => HOUR };
    const offsets = new CalendarOffsets({ timeZone: 'Africa/Casablanca', timeZones: casablanca });
    offsets.observe({ timeZone: 'Africa/Casablanca', events: [event(Date.UTC(2026, 11, 2, 20), 0)] });
    expect(offsets.warning()).to.contain('+00:00 and not +01:00').and.to.contain('2026-12-02');
  });

  it('are ignored if times are written in UTC by a calendar of another offset', () => {
    const offsets = new CalendarOffsets({ timeZone: VANCOUVER, timeZones: oldRules() });
    offsets.observe({ timeZone: VANCOUVER, events: [event(Date.UTC(2026, 11, 2, 20), 0)] });
    expect(offsets.warning()).to.equal(null);
  });

  it('are ignored for a calendar in another zone and for an event without an offset', () => {
    const offsets = new CalendarOffsets({ timeZone: VANCOUVER, timeZones: oldRules() });
    offsets.observe({ timeZone: 'America/Phoenix', events: [event(Date.UTC(2026, 11, 2, 20), -420)] });
    offsets.observe({ timeZone: null, events: [event(Date.UTC(2026, 11, 2, 20), -420)] });
    offsets.observe({ timeZone: VANCOUVER, events: [event(Date.UTC(2026, 11, 2, 20), null)] });
    expect(offsets.warning()).to.equal(null);
  });
});

describe('a time for a person', () => {
  it('is written by the zone rules of the service, not by those of the runtime', () => {
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

describe('the studio’s clock on the command line', () => {
  it('reads as British Intl writes it, in every month and on every weekday', () => {
    const options = { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
    const format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
    for (let day = 0; day < 400; day++) {
      const wall = Date.UTC(2026, 0, 1 + day, day % 24, (day * 7) % 60);
      expect(clockText(wall)).to.equal(format.format(wall).replaceAll(',', ''));
    }
  });
});
