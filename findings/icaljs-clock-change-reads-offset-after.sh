#!/bin/sh
# ical.js: a wall time that a clock change skips or repeats is read with the UTC offset after the change; RFC 5545 (3.3.5) says before.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ical.js@2.2.1

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const instantOf = (wallTime) => {
  const calendar = new ICAL.Component(
    ICAL.parse(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART;TZID=America/New_York:${wallTime}
END:VEVENT
END:VCALENDAR`),
  );
  return new ICAL.Event(calendar.getFirstSubcomponent("vevent")).startDate.toJSDate().toISOString();
};

console.log("ical.js", JSON.parse(readFileSync("node_modules/ical.js/package.json", "utf8")).version);
console.log("Expected: New York, 8 March 2026, 02:30 (skipped) is 07:30Z; 1 November 2026, 01:30 (repeated) is the first one, 05:30Z.");
const skipped = instantOf("20260308T023000");
const repeated = instantOf("20261101T013000");
console.log("Seen: skipped", skipped, "repeated", repeated);

const same = skipped === "2026-03-08T06:30:00.000Z" && repeated === "2026-11-01T06:30:00.000Z";
console.log(same ? "The skipped time becomes 01:30, before the gap; the repeated time becomes the second one." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
