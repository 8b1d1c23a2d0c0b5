#!/bin/sh
# timezones-ical-library with ical.js: the zone of Vancouver has the offset of today for all years, so a lesson of January 2026 is read an hour early.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund timezones-ical-library@2.3.2 ical.js@2.2.1 moment-timezone@0.6.6

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import moment from "moment-timezone";
import { tzlib_get_ical_block as blockOf } from "timezones-ical-library";

/** The instant of 10:00 on a day, read by the definition that the library gives for the zone. */
const read = (zone, day) => {
  const calendar = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//check//EN", blockOf(zone)[0].replace(/\r?\n/g, "\r\n"), "BEGIN:VEVENT", "UID:check"];
  calendar.push("DTSTAMP:20260101T000000Z", `DTSTART;TZID=${zone}:${day.replaceAll("-", "")}T100000`, "END:VEVENT", "END:VCALENDAR", "");
  const event = new ICAL.Component(ICAL.parse(calendar.join("\r\n"))).getFirstSubcomponent("vevent");
  return new ICAL.Event(event).startDate.toJSDate().toISOString().slice(0, 16);
};
const right = (zone, day) => moment.tz(`${day}T10:00`, zone).toISOString().slice(0, 16);

const versionOf = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("timezones-ical-library", versionOf("timezones-ical-library"), "moment-timezone", versionOf("moment-timezone"), moment.tz.dataVersion);
console.log("Expected: a definition of the zone as it is in the IANA database, with the changes of the last years, as the events of a calendar need it.");
const seen = ["2026-01-15", "2026-07-15", "2026-12-15"].map((day) => `${read("America/Vancouver", day)} (${right("America/Vancouver", day)})`);
console.log("Seen: 10:00 in Vancouver by the definition, and (by the database):", seen);

const same = seen.join() === "2026-01-15T17:00 (2026-01-15T18:00),2026-07-15T17:00 (2026-07-15T17:00),2026-12-15T17:00 (2026-12-15T17:00)";
console.log(same ? "Only the rules that hold now are in it, from 1970 on: Vancouver stopped changing its clocks in 2026." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
