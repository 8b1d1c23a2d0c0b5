#!/bin/sh
# ts-ics: a monthly rule of a numbered weekday yields midnights instead of the time of the start, and leaves the start itself out.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ts-ics@2.4.6 rrule-temporal@2.2.8

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { RRuleTemporal } from "rrule-temporal";
import tsIcs from "ts-ics";

const minutes = (dates) => dates.map((date) => date.toISOString().slice(5, 16)).join();

/** The occurrences of a monthly rule from 20:00Z of the second Tuesday of January 2026, which is 13 January. */
const occurrences = (part) =>
  minutes(
    tsIcs.extendByRecurrenceRule(tsIcs.convertIcsRecurrenceRule(undefined, { value: `FREQ=MONTHLY;${part};COUNT=3` }), {
      start: new Date("2026-01-13T20:00:00Z"),
    }),
  );

console.log("ts-ics", JSON.parse(readFileSync("node_modules/ts-ics/package.json", "utf8")).version);
console.log("Expected: RFC 5545 (3.3.10): what a rule does not name, as here the time, is taken from DTSTART: 13 January, 10 February, 10 March, 20:00Z.");
const byWeekday = occurrences("BYDAY=2TU");
const byMonthDay = occurrences("BYMONTHDAY=13");
const other = minutes(
  new RRuleTemporal({ rruleString: "DTSTART:20260113T200000Z\nRRULE:FREQ=MONTHLY;BYDAY=2TU;COUNT=3" }).all().map((one) => new Date(one.epochMilliseconds)),
);
console.log("Seen: BYDAY=2TU:", byWeekday, "BYMONTHDAY=13:", byMonthDay, "by rrule-temporal, BYDAY=2TU:", other);

const same =
  byWeekday === "02-10T00:00,03-10T00:00,04-14T00:00" &&
  byMonthDay === "01-13T20:00,02-13T20:00,03-13T20:00" &&
  other === "01-13T20:00,02-10T20:00,03-10T20:00";
console.log(same ? "The midnight of 13 January lies before the start, so the first lesson is gone and the series ends a month late." : "CHANGED");
process.exit(same ? 0 : 1);
JS
TZ=UTC node check.mjs
