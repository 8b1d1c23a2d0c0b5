#!/bin/sh
# ical-expander: one occurrence that was moved to a later month takes all those after it out of the month asked for.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ical-expander@3.2.0

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import IcalExpander from "ical-expander";

const EVENTS = `BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART:20260601T100000Z
DTEND:20260601T110000Z
RRULE:FREQ=DAILY;COUNT=5
END:VEVENT
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
RECURRENCE-ID:20260602T100000Z
DTSTART:{moved}T100000Z
DTEND:{moved}T110000Z
END:VEVENT`;

/** The starts in June 2026, when the occurrence of 2 June was moved to the given day. */
const starts = (moved) => {
  const ics = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//check//EN", EVENTS.replaceAll("{moved}", moved), "END:VCALENDAR"].join("\n");
  const { events, occurrences } = new IcalExpander({ ics }).between(new Date("2026-06-01T00:00:00Z"), new Date("2026-06-30T23:59:59Z"));
  return [...events, ...occurrences].map((one) => one.startDate.toJSDate().toISOString().slice(5, 10)).sort();
};

console.log("ical-expander", JSON.parse(readFileSync("node_modules/ical-expander/package.json", "utf8")).version);
console.log("Expected: five daily lessons from 1 June, of which the one of 2 June was moved to July: June has those of 1, 3, 4 and 5 June.");
const within = starts("20260620");
const beyond = starts("20260705");
console.log("Seen in June: moved to 20 June:", within, "moved to 5 July:", beyond);

const same = within.join() === "06-01,06-03,06-04,06-05,06-20" && beyond.join() === "06-01";
console.log(same ? "The first start after the end of the range ends the search, also if it is the new start of a moved occurrence." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
