#!/bin/sh
# ical-generator 10: a Temporal.ZonedDateTime of another zone than the event's keeps its wall time; every other zoned value is converted.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
# The newest for Node.js 20. Version 11.1.2, which needs Node.js 22, converts it.
npm install --silent --no-audit --no-fund ical-generator@10.2.0 luxon@3.7.2 temporal-polyfill@1.0.8 @date-fns/tz@1.5.0

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { TZDate } from "@date-fns/tz";
import ical from "ical-generator";
import { DateTime } from "luxon";
import { Temporal } from "temporal-polyfill";

const startOf = (start) => {
  const calendar = ical();
  calendar.createEvent({ id: "check", summary: "golf", start, timezone: "America/New_York" });
  return calendar.toString().split("\r\n").find((line) => line.startsWith("DTSTART"));
};

console.log("ical-generator", JSON.parse(readFileSync("node_modules/ical-generator/package.json", "utf8")).version);
console.log("Expected: 16:00 in Berlin on 1 June 2026 is written as 10:00 for an event in New York, whichever type carries it.");
const zoned = Temporal.ZonedDateTime.from("2026-06-01T16:00[Europe/Berlin]");
const seen = {
  luxon: startOf(DateTime.fromISO("2026-06-01T16:00", { zone: "Europe/Berlin" })),
  TZDate: startOf(new TZDate(2026, 5, 1, 16, "Europe/Berlin")),
  Instant: startOf(zoned.toInstant()),
  ZonedDateTime: startOf(zoned),
};
console.log("Seen:", seen);

const ten = "DTSTART;TZID=America/New_York:20260601T100000";
const same =
  seen.luxon === ten &&
  seen.TZDate === ten &&
  seen.Instant === ten &&
  seen.ZonedDateTime === "DTSTART;TZID=America/New_York:20260601T160000";
console.log(same ? "Only the ZonedDateTime is written as 16:00 in New York, six hours late." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
