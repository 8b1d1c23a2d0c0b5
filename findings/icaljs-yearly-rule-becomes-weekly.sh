#!/bin/sh
# ical.js: it ignores BYWEEKNO, a numbered BYDAY of the year and BYSETPOS outside MONTHLY, so a yearly day comes every week, without an error.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ical.js@2.2.1 rrule@2.8.1

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import rrule from "rrule";

const RULES = {
  "Monday of week 20": ["2026-05-11", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO"],
  "20th Monday": ["2026-05-18", "FREQ=YEARLY;BYDAY=20MO"],
  "last Monday of the year": ["2026-12-28", "FREQ=YEARLY;BYDAY=MO;BYSETPOS=-1"],
  "last lesson day of the week": ["2026-01-02", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1"],
  "last Monday of the month": ["2026-01-26", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1"],
};

const withIcal = (day, rule) => {
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromString(`${day}T10:00:00Z`));
  return Array.from({ length: 3 }, () => iterator.next().toString().slice(2, 10)).join(" ");
};
const withRrule = (day, rule) =>
  rrule
    .rrulestr(`DTSTART:${day.replaceAll("-", "")}T100000Z\nRRULE:${rule}`)
    .all((_, index) => index < 3)
    .map((start) => start.toISOString().slice(2, 10))
    .join(" ");

const versionOf = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("ical.js", versionOf("ical.js"), "rrule", versionOf("rrule"));
console.log("Expected: RFC 5545 (3.3.10, 3.8.5.3): week numbers, the 20th Monday of a year and BYSETPOS hold with these frequencies too.");
const seen = Object.entries(RULES).map(([name, rule]) => `${name}: ${withIcal(...rule)} (rrule: ${withRrule(...rule)})`);
console.log("Seen:", seen);

const same =
  seen.join("\n") ===
  `Monday of week 20: 26-05-18 26-05-25 26-06-01 (rrule: 26-05-11 27-05-17 28-05-15)
20th Monday: 26-05-18 26-05-25 26-06-01 (rrule: 26-05-18 27-05-17 28-05-15)
last Monday of the year: 26-12-28 27-01-04 27-01-11 (rrule: 26-12-28 27-12-27 28-12-25)
last lesson day of the week: 26-01-02 26-01-05 26-01-07 (rrule: 26-01-02 26-01-09 26-01-16)
last Monday of the month: 26-01-26 26-02-23 26-03-30 (rrule: 26-01-26 26-02-23 26-03-30)`;
console.log(same ? "Only the monthly rule is as written; the others yield each day that the remaining parts allow." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
