#!/bin/sh
# ts-ics: a floating time is written back as UTC, so an event that was only read and written moves for every reader outside UTC.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ts-ics@2.4.6

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { convertIcsCalendar, generateIcsCalendar } from "ts-ics";

const startOf = (text) => text.split(/\r?\n/).find((line) => line.startsWith("DTSTART"));
const roundTrip = (start) =>
  startOf(
    generateIcsCalendar(
      convertIcsCalendar(
        undefined,
        `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
${start}
DURATION:PT1H
SUMMARY:golf
END:VEVENT
END:VCALENDAR
`.replaceAll("\n", "\r\n"),
      ),
    ),
  );

console.log("ts-ics", JSON.parse(readFileSync("node_modules/ts-ics/package.json", "utf8")).version);
console.log("Expected: each form of a time (RFC 5545, 3.3.5: zoned, UTC, floating) is written in the form in which it was read.");
const zoned = roundTrip("DTSTART;TZID=America/New_York:20260601T100000");
const utc = roundTrip("DTSTART:20260601T100000Z");
const floating = roundTrip("DTSTART:20260601T100000");
console.log("Seen:", { zoned, utc, floating });

const same =
  zoned === "DTSTART;VALUE=DATE-TIME;TZID=America/New_York:20260601T100000" &&
  utc === "DTSTART;VALUE=DATE-TIME:20260601T100000Z" &&
  floating === utc;
console.log(same ? "The floating 10:00 is written as 10:00 in UTC, and cannot be distinguished from it in the parsed event." : "CHANGED");
process.exit(same ? 0 : 1);
JS
TZ=America/New_York node check.mjs
