#!/bin/sh
# Luxon and moment-timezone: where the clock goes back to midnight, startOf("day") answers the second midnight, an hour after the day began.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund luxon@3.7.2 moment-timezone@0.6.6 temporal-polyfill@1.0.8

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { DateTime } from "luxon";
import moment from "moment-timezone";
import { Temporal } from "temporal-polyfill";

const ZONE = "Atlantic/Azores";
const early = "2026-10-25T00:30:00Z";
const noon = "2026-10-25T13:00:00Z";
const versionOf = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version}`;

console.log(versionOf("luxon"), versionOf("moment-timezone"));
console.log("Expected: on 25 October 2026 the Azores go from 01:00 back to 00:00; the day begins at the first midnight, 00:00Z, and has 25 hours.");
const luxon = { early: DateTime.fromISO(early, { zone: ZONE }), noon: DateTime.fromISO(noon, { zone: ZONE }) };
const moments = { early: moment.tz(early, ZONE), noon: moment.tz(noon, ZONE) };
const temporal = Temporal.Instant.from(noon).toZonedDateTimeISO(ZONE);
const seen = {
  luxonSameDay: luxon.early.hasSame(luxon.noon, "day"),
  luxonStarts: [luxon.early, luxon.noon].map((time) => time.startOf("day").toUTC().toISOTime()).join(),
  momentSameDay: moments.early.isSame(moments.noon, "day"),
  momentStarts: [moments.early, moments.noon].map((time) => time.clone().startOf("day").toISOString().slice(11)).join(),
  temporalStart: temporal.startOfDay().toInstant().toString(),
};
console.log("Seen: for 00:30Z and 13:00Z:", seen);

const same =
  seen.luxonSameDay &&
  seen.luxonStarts === "00:00:00.000Z,01:00:00.000Z" &&
  seen.momentSameDay &&
  seen.momentStarts === "00:00:00.000Z,01:00:00.000Z" &&
  seen.temporalStart === "2026-10-25T00:00:00Z";
console.log(same ? "Asked at noon, both begin the day at the second midnight: what is read from startOf() on misses the first hour." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
