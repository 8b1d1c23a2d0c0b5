#!/bin/sh
# rrule-rust: an occurrence in a clock-change gap moves an hour forward, unless the gap is at midnight: then the day has none.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund rrule-rust@3.1.1

cat >check.cjs <<'JS'
const { readFileSync } = require("node:fs");
const { RRuleSet } = require("rrule-rust");

const two = (number) => String(number).padStart(2, "0");
const seriesOf = (start) =>
  RRuleSet.fromString(`DTSTART;TZID=${start}\nRRULE:FREQ=DAILY;COUNT=3`)
    .all()
    .map(({ day, time }) => `${two(day)} ${two(time.hour)}:${two(time.minute)}`);

console.log("rrule-rust", JSON.parse(readFileSync("node_modules/rrule-rust/package.json", "utf8")).version);
console.log("Expected: all zones are handled alike. 02:30 on 8 March 2026 in New York, 00:30 on 24 April in Cairo and 00:30 on");
console.log("6 September in Santiago are skipped; either all of them move an hour forward or all are left out.");
const newYork = seriesOf("America/New_York:20260307T023000");
const cairo = seriesOf("Africa/Cairo:20260423T003000");
const santiago = seriesOf("America/Santiago:20260905T003000");
console.log("Seen: New York:", newYork, "Cairo:", cairo, "Santiago:", santiago);

const same =
  newYork.join() === "07 02:30,08 03:30,09 02:30" &&
  cairo.join() === "23 00:30,25 00:30,26 00:30" &&
  santiago.join() === "05 00:30,07 00:30,08 00:30";
console.log(same ? "New York has 8 March at 03:30; Cairo and Santiago lose the day, and COUNT=3 ends a day later." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.cjs
