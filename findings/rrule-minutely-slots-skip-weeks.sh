#!/bin/sh
# rrule and rrule-rust: FREQ=MINUTELY with BYHOUR and BYDAY, the slots of two hours on Tuesdays, leaves out two of three Tuesdays.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund rrule@2.8.1 rrule-rust@3.1.1 rrule-temporal@2.2.8

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import rrule from "rrule";
import { RRuleSet } from "rrule-rust";
import { RRuleTemporal } from "rrule-temporal";

const COUNT = 400;
const ENGINES = {
  rrule: (text) => rrule.rrulestr(text).all((_, index) => index < COUNT).map((start) => start.toISOString().slice(5, 10)),
  "rrule-rust": (text) => RRuleSet.fromString(text).all(COUNT).map((start) => `${start}`.replace(/^\d{4}(\d\d)(\d\d).*/, "$1-$2")),
  "rrule-temporal": (text) => new RRuleTemporal({ rruleString: text }).all((_, index) => index < COUNT).map((start) => start.toString().slice(5, 10)),
};

/** The first days that have slots of 20 minutes. */
const days = (engine, parts) => {
  const text = `DTSTART:20260106T090000Z\nRRULE:FREQ=MINUTELY;INTERVAL=20;${parts}`;
  return `${parts}: ${[...new Set(ENGINES[engine](text))].slice(0, 4).join(" ")}`;
};

console.log(...Object.keys(ENGINES).map((name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version}`));
console.log("Expected: Tuesday 6 January 2026 and each Tuesday after it has its six slots, as each has some with BYDAY alone.");
const seen = Object.keys(ENGINES).map((engine) => `${engine}: ${days(engine, "BYDAY=TU")}, ${days(engine, "BYHOUR=9,10;BYDAY=TU")}`);
console.log("Seen:", seen);

const weekly = "01-06 01-13 01-20 01-27";
const broken = `BYDAY=TU: ${weekly}, BYHOUR=9,10;BYDAY=TU: 01-06 01-27 02-17 03-10`;
const same =
  seen.join("\n") === `rrule: ${broken}\nrrule-rust: ${broken}\nrrule-temporal: BYDAY=TU: ${weekly}, BYHOUR=9,10;BYDAY=TU: ${weekly}`;
console.log(same ? "Two of three Tuesdays have no slot at all, without an error; the engine that was written anew has them." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
