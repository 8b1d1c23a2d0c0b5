#!/bin/sh
# Luxon, js-joda, spacetime and moment-timezone: in one process of Node.js 20 they disagree by an hour on Vancouver in December 2026.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund luxon@3.7.2 @js-joda/core@6.3.2 @js-joda/timezone@2.25.2 spacetime@7.15.0 moment-timezone@0.6.6

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { Instant, ZonedDateTime, ZoneId } from "@js-joda/core";
import "@js-joda/timezone";
import { DateTime } from "luxon";
import moment from "moment-timezone";
import spacetime from "spacetime";

const AT = "2026-12-15T12:00:00Z";
const LIBRARIES = {
  luxon: (zone) => DateTime.fromISO(AT, { zone }).toFormat("ZZ"),
  "@js-joda/timezone": (zone) => ZonedDateTime.ofInstant(Instant.parse(AT), ZoneId.of(zone)).offset().toString(),
  spacetime: (zone) => spacetime(AT).goto(zone).format("iso").slice(-6),
  "moment-timezone": (zone) => moment.tz(AT, zone).format("Z"),
};

const versionOf = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
const versions = Object.keys(LIBRARIES).map((name) => `${name} ${versionOf(name)},`);
console.log(...versions, `data of Node.js ${process.versions.tz}, of moment-timezone ${moment.tz.dataVersion}`);
console.log("Expected: the newest releases of four libraries agree on the offset of a zone in December 2026.");
const offsets = (zone) => Object.values(LIBRARIES).map((offset) => offset(zone)).join(" ");
const seen = ["America/New_York", "America/Vancouver", "Africa/Casablanca"].map((zone) => `${zone} ${offsets(zone)}`);
console.log("Seen:", seen);

const same =
  seen.join("\n") ===
  `America/New_York -05:00 -05:00 -05:00 -05:00
America/Vancouver -08:00 -08:00 -07:00 -07:00
Africa/Casablanca +01:00 +01:00 +01:00 +00:00`;
console.log(same ? "Each brings its own data or takes that of the runtime, so a change of the law reaches them at different times." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
