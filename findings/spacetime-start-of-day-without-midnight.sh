#!/bin/sh
# spacetime: on a day that begins at 01:00, startOf('day') goes back to the full hour only; and a day added into a gap lands an hour early.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund spacetime@7.15.0

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import spacetime from "spacetime";

const text = (moment) => moment.format("iso").replace(".000", "");

console.log("spacetime", JSON.parse(readFileSync("node_modules/spacetime/package.json", "utf8")).version);
console.log("Expected: 24 April 2026 begins in Cairo at 01:00, and 02:30 of 8 March, which New York skips, is 03:30.");
const seen = {
  usual: text(spacetime("2026-04-25T12:00:00", "Africa/Cairo").startOf("day")),
  noMidnight: text(spacetime("2026-04-24T12:34:00", "Africa/Cairo").startOf("day")),
  nextDay: text(spacetime("2026-03-07T02:30:00", "America/New_York").add(1, "day")),
};
console.log("Seen:", seen);

const same =
  seen.usual === "2026-04-25T00:00:00+03:00" &&
  seen.noMidnight === "2026-04-24T12:00:00+03:00" &&
  seen.nextDay === "2026-03-08T01:30:00-05:00";
console.log(same ? "A query from the start of that day misses its morning, and a daily job runs an hour early." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
