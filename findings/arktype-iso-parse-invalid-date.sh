#!/bin/sh
# arktype: "string.date.iso.parse" accepts ISO 8601 forms that Date cannot read, and answers an Invalid Date as valid data.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund arktype@2.2.10

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { type } from "arktype";

const Event = type({ start: "string.date.iso.parse" });
const LooseEvent = type({ start: "string.date.parse" });
const outcome = (schema, start) => {
  const parsed = schema({ start });
  if (parsed instanceof type.errors) return "rejected";
  return Number.isNaN(parsed.start.getTime()) ? "Invalid Date" : parsed.start.toISOString();
};

console.log("arktype", JSON.parse(readFileSync("node_modules/arktype/package.json", "utf8")).version);
console.log("Expected: a text that the schema accepts becomes its date; a text that it cannot read is rejected.");
const texts = ["2026-06-01T10:00:00Z", "20260601T100000Z", "2026-06-01T10:00:00+02", "2026-W23-1"];
const iso = texts.map((text) => outcome(Event, text));
const loose = texts.map((text) => outcome(LooseEvent, text));
console.log("Seen: texts:", texts, "string.date.iso.parse:", iso, "string.date.parse:", loose);

const date = "2026-06-01T10:00:00.000Z";
const same =
  iso.join() === [date, "Invalid Date", "Invalid Date", "Invalid Date"].join() &&
  loose.join() === [date, "rejected", "rejected", "rejected"].join();
console.log(same ? "The ISO forms are valid, iCalendar's among them, but their dates are not; the wider schema rejects them." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
