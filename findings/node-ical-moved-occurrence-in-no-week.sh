#!/bin/sh
# node-ical: an occurrence that was moved to another week is expanded in neither: not in the week of its new time, nor in that of the old one.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund node-ical@0.26.1

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import ical from "node-ical";

const CALENDAR = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART:20260601T140000Z
DTEND:20260601T150000Z
RRULE:FREQ=WEEKLY;COUNT=4
END:VEVENT
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
RECURRENCE-ID:20260608T140000Z
DTSTART:20260617T140000Z
DTEND:20260617T150000Z
END:VEVENT
END:VCALENDAR
`;

const series = ical.sync.parseICS(CALENDAR.replaceAll("\n", "\r\n")).check;
const starts = (from, to) =>
  ical
    .expandRecurringEvent(series, { from: new Date(from), to: new Date(to) })
    .map(({ start }) => new Date(start).toISOString().slice(5, 10))
    .join(" ");

console.log("node-ical", JSON.parse(readFileSync("node_modules/node-ical/package.json", "utf8")).version);
console.log("Expected: weekly lessons from 1 June 2026, of which the one of 8 June was moved to 17 June: its new week has two.");
const seen = {
  month: starts("2026-06-01T00:00:00Z", "2026-06-30T00:00:00Z"),
  oldWeek: starts("2026-06-08T00:00:00Z", "2026-06-14T23:59:59Z"),
  newWeek: starts("2026-06-15T00:00:00Z", "2026-06-21T23:59:59Z"),
};
console.log("Seen:", seen);

const same = seen.month === "06-01 06-15 06-17 06-22" && seen.oldWeek === "" && seen.newWeek === "06-15";
console.log(same ? "The range is compared with the old time and then with the new one, so a view by weeks has a lesson less than the month." : "CHANGED");
process.exit(same ? 0 : 1);
JS
TZ=UTC node check.mjs
