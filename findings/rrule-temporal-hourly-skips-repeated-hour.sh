#!/bin/sh
# rrule-temporal: in the autumn FREQ=HOURLY leaves two hours between two occurrences; FREQ=MINUTELY;INTERVAL=60 leaves one.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund rrule-temporal@2.2.8

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { RRuleTemporal } from "rrule-temporal";

const startsOf = (rule) =>
  new RRuleTemporal({ rruleString: `DTSTART;TZID=America/New_York:20261101T003000\nRRULE:${rule};COUNT=4` })
    .all()
    .map((start) => start.toInstant().toString().slice(11, 16));

console.log("rrule-temporal", JSON.parse(readFileSync("node_modules/rrule-temporal/package.json", "utf8")).version);
console.log("Expected: every hour, every 60 minutes and every 3600 seconds from 04:30Z are one series: 04:30, 05:30, 06:30, 07:30Z.");
const hours = startsOf("FREQ=HOURLY");
const minutes = startsOf("FREQ=MINUTELY;INTERVAL=60");
const seconds = startsOf("FREQ=SECONDLY;INTERVAL=3600");
console.log("Seen: hours:", hours, "minutes:", minutes, "seconds:", seconds);

const elapsed = "04:30,05:30,06:30,07:30";
const same = hours.join() === "04:30,05:30,07:30,08:30" && minutes.join() === elapsed && seconds.join() === elapsed;
console.log(same ? "HOURLY leaves out 06:30Z, the second 01:30 in New York on 1 November 2026; the other two have it." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
