#!/bin/sh
# @date-fns/tz: in the repeated hour startOfMinute() and startOfHour() of date-fns go back an hour, and eachHourOfInterval() leaves an hour out.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund date-fns@4.4.0 @date-fns/tz@1.5.0

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { TZDate } from "@date-fns/tz";
import { addMinutes, eachHourOfInterval, eachMinuteOfInterval, startOfHour, startOfMinute } from "date-fns";

const ZONE = "America/New_York";
const utc = (date) => new Date(+date).toISOString().slice(11, 19);

const versionOf = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("@date-fns/tz", versionOf("@date-fns/tz"), "date-fns", versionOf("date-fns"));
console.log("Expected: startOfMinute() is at most 60 seconds before its argument; on 1 November 2026 New York has 01:30 at 05:30Z and at 06:30Z.");
const second = new TZDate("2026-11-01T06:30:10Z", ZONE);
const interval = { start: new TZDate("2026-11-01T04:00:00Z", ZONE), end: new TZDate("2026-11-01T08:00:00Z", ZONE) };
const seen = {
  minute: utc(startOfMinute(second)),
  hour: utc(startOfHour(second)),
  added: utc(addMinutes(second, 10)),
  hours: eachHourOfInterval(interval).map(utc).join(" "),
  steps: eachMinuteOfInterval(interval, { step: 60 }).map(utc).join(" "),
};
console.log("Seen: of 06:30:10Z:", seen);

const same =
  seen.minute === "05:30:00" &&
  seen.hour === "05:00:00" &&
  seen.added === "06:40:10" &&
  seen.hours === "04:00:00 05:00:00 07:00:00 08:00:00" &&
  seen.steps === "04:00:00 05:00:00 06:00:00 07:00:00 08:00:00";
console.log(same ? "The fields are set anew, and a wall time that is there twice always becomes the first of the two." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
