import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { HOUR, intlTimeZones, MINUTE, type Instant, type TimeZones } from '@loft/sync-core';
import { wallOfUtc } from '@loft/sync-core/adapters';
import { expect } from 'chai';
import { packagedDataFile, packagedTimeZones } from '#src/time-zones/packaged-time-zones.js';
import { posixTimeZone } from '#src/time-zones/posix-time-zone.js';
import { systemTimeZones } from '#src/time-zones/system-time-zones.js';
import { timeZoneSources } from '#src/time-zones/time-zone-sources.js';
import { readTzif } from '#src/time-zones/tzif.js';

const FIXTURES = fileURLToPath(new URL('../test/fixtures/', import.meta.url));
const COMPILED = `${FIXTURES}zoneinfo`;

/** Offsets of Python's zoneinfo, written by scripts/zones/expected.py. */
interface Expected {
  readonly version: string;
  readonly rules: readonly {
    readonly zones: readonly string[];
    readonly first: number;
    readonly changes: readonly (readonly [minutes: number, offset: number])[];
  }[];
}

const expected = JSON.parse(readFileSync(`${FIXTURES}zones.json`, 'utf8')) as Expected;
const FROM = Date.UTC(2026, 0, 1);
const TO = Date.UTC(2031, 0, 1);
const HALF_HOUR = 30 * MINUTE;
/** Every half hour is compared within this time around a clock change. */
const AROUND = 4 * HOUR;

type Rule = Expected['rules'][number];

function expectedOffset({ first, changes }: Rule, at: Instant): number {
  const last = changes.findLast(([minutes]) => FROM + minutes * MINUTE <= at);
  return (last?.[1] ?? first) * MINUTE;
}

/** The instants of a wall time, from the expected offsets alone. */
function expectedInstants(rule: Rule, wall: number): readonly Instant[] {
  const offsets = [...new Set([rule.first, ...rule.changes.map(([, offset]) => offset)])];
  const candidates = offsets.map((offset) => wall - offset * MINUTE);
  return candidates.filter((at) => at + expectedOffset(rule, at) === wall).toSorted((a, b) => a - b);
}

function* halfHours(rule: Rule): Generator<Instant> {
  for (const middle of [FROM + 12 * HOUR, ...rule.changes.map(([minutes]) => FROM + minutes * MINUTE), TO - HOUR]) {
    for (let at = middle - AROUND; at <= middle + AROUND; at += HALF_HOUR) if (at >= FROM && at < TO) yield at;
  }
}

/** Compares one zone with Python's offsets. @returns the first difference */
function check(timeZones: TimeZones, zone: string, rule: Rule): void {
  for (const at of halfHours(rule)) {
    const offset = expectedOffset(rule, at);
    const given = timeZones.offsetAt(at, zone);
    if (given !== offset) expect(given, `${zone} at ${at}`).to.equal(offset);
    // The same number as a wall time, which covers gaps and overlaps around the change.
    for (const wall of [at + offset, at + offset + HALF_HOUR]) {
      const found = timeZones.instantsOf(wallOfUtc(wall), zone).join();
      const wanted = expectedInstants(rule, wall).join();
      if (found !== wanted) expect(found, `wall time ${new Date(wall).toISOString()} of ${zone}`).to.equal(wanted);
    }
  }
}

describe('the zone rules, compared with those of Python', function () {
  this.timeout(20_000);

  it('are the same in the data of the package, for every zone from 2026 to 2030', () => {
    const timeZones = packagedTimeZones(packagedDataFile() ?? '', intlTimeZones());
    if (!timeZones) throw new Error('the data of moment-timezone are not installed');
    expect(timeZones.version, 'run scripts/zones/expected.py for the new version').to.equal(expected.version);
    let zones = 0;
    for (const rule of expected.rules) {
      for (const zone of rule.zones) {
        // Names that the package leaves out because they are no places.
        if (!timeZones.isZone(zone)) expect(zone).to.match(/^(posixrules|leapseconds)$/);
        else check(timeZones, zone, rule);
        zones++;
      }
    }
    expect(zones).to.be.greaterThan(590);
  });

  it('are the same in compiled zone files', () => {
    const timeZones = systemTimeZones(COMPILED);
    if (!timeZones) throw new Error('the compiled files are missing');
    const rules = new Map(expected.rules.flatMap((rule) => rule.zones.map((zone) => [zone, rule])));
    for (const zone of [
      'Africa/Casablanca',
      'America/Phoenix',
      'America/Vancouver',
      'Antarctica/Troll',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'Europe/Chisinau',
      'Europe/Dublin',
      'Pacific/Chatham',
      'UTC',
    ]) {
      check(timeZones, zone, rules.get(zone) ?? expect.fail(`${zone} is not among the expected zones`));
    }
  });

  it('are those of a directory of zone files that is newer than the runtime', () => {
    const [newest] = timeZoneSources({ runtimeVersion: '2025c', systemDirectories: [COMPILED], dataFile: null });
    expect(newest).to.include({ source: `the zone files in ${COMPILED}`, version: expected.version });
    expect(newest.offsetAt(Date.UTC(2026, 11, 10), 'America/Vancouver')).to.equal(-7 * HOUR);
  });
});

describe('a compiled zone file', () => {
  const bytes = readFileSync(`${COMPILED}/Australia/Lord_Howe`);

  it('is refused if it is truncated, of version 1, or no zone file', () => {
    for (const length of [0, 4, 43, 44, 100, 300])
      expect(readTzif(bytes.subarray(0, length)), `${length}`).to.equal(null);
    const first = Uint8Array.from(bytes);
    first[4] = 0;
    expect(readTzif(first)).to.equal(null);
    expect(readTzif(new TextEncoder().encode('# version 2026f\n'.repeat(20)))).to.equal(null);
  });
});

describe('a time zone of POSIX', () => {
  const hours = (text: string, iso: string): number | undefined => {
    const offset = posixTimeZone(text)?.(Date.parse(iso));
    return offset === undefined ? undefined : offset / HOUR;
  };

  it('changes its clocks by rules, north and south', () => {
    const pacific = 'PST8PDT,M3.2.0,M11.1.0';
    expect(hours(pacific, '2040-03-11T09:59:59Z')).to.equal(-8);
    expect(hours(pacific, '2040-03-11T10:00:00Z')).to.equal(-7);
    expect(hours(pacific, '2040-11-04T08:59:59Z')).to.equal(-7);
    expect(hours(pacific, '2040-11-04T09:00:00Z')).to.equal(-8);
    const lordHowe = '<+1030>-10:30<+11>-11,M10.1.0,M4.1.0';
    expect(hours(lordHowe, '2040-01-01T00:00:00Z')).to.equal(11);
    expect(hours(lordHowe, '2040-07-01T00:00:00Z')).to.equal(10.5);
  });

  it('may have winter time as its exception, numbered days, and hours beyond a day', () => {
    const dublin = 'IST-1GMT0,M10.5.0,M3.5.0/1';
    expect(hours(dublin, '2040-01-01T00:00:00Z')).to.equal(0);
    expect(hours(dublin, '2040-07-01T00:00:00Z')).to.equal(1);
    // 1 March, counted without and with 29 February, in a leap year.
    expect(hours('A3B,J60/0,J300/0', '2040-03-01T02:59:59Z')).to.equal(undefined);
    expect(hours('AAA3BBB,J60/0,J300/0', '2040-03-01T02:59:59Z')).to.equal(-3);
    expect(hours('AAA3BBB,J60/0,J300/0', '2040-03-01T03:00:00Z')).to.equal(-2);
    expect(hours('AAA3BBB,60/0,300/0', '2040-03-01T03:00:00Z')).to.equal(-2);
    expect(hours('AAA3BBB,59/24,300/0', '2040-03-01T02:59:59Z')).to.equal(-3);
    expect(hours('<-02>2<-01>,M3.5.0/-1,M10.5.0/0', '2040-03-25T01:00:00Z')).to.equal(-1);
    expect(hours('<-02>2<-01>,M3.5.0/-1,M10.5.0/0', '2040-03-25T00:59:59Z')).to.equal(-2);
  });

  it('has one offset if it has no rules, and is refused if it is malformed', () => {
    expect(hours('MST7', '2040-07-01T00:00:00Z')).to.equal(-7);
    for (const text of ['', 'PST', 'PST8PDT,M3.2.0', 'PST8PDT,M13,M4', 'PST8PDT,x,y', '8', 'PST8,M3.2.0,M11.1.0/x']) {
      expect(posixTimeZone(text), text).to.equal(null);
    }
  });
});
