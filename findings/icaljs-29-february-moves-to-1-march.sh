#!/bin/sh
# ical.js: a yearly series that begins on 29 February takes place on 1 March in the years without that day.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ical.js@2.2.1

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const starts = (dtstart, rule) => {
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromString(dtstart));
  return Array.from({ length: 5 }, () => iterator.next().toString());
};

console.log("ical.js", JSON.parse(readFileSync("node_modules/ical.js/package.json", "utf8")).version);
console.log("Expected: RFC 5545 (3.3.10): a date that does not exist is ignored; from 29 February 2024 the next is 2028, as 31 January skips February.");
const monthly = starts("2024-01-31", "FREQ=MONTHLY");
const yearly = starts("2024-02-29", "FREQ=YEARLY");
const spelled = starts("2024-02-29", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29");
console.log("Seen: FREQ=MONTHLY:", monthly, "FREQ=YEARLY:", yearly, "with BYMONTH and BYMONTHDAY:", spelled);

const same =
  monthly.join() === "2024-01-31,2024-03-31,2024-05-31,2024-07-31,2024-08-31" &&
  yearly.join() === "2024-02-29,2025-03-01,2026-03-01,2027-03-01,2028-02-29" &&
  spelled.join() === "2024-02-29,2028-02-29,2032-02-29,2036-02-29,2040-02-29";
console.log(same ? "The same rule means every year or every fourth, depending on whether the date is also spelled in it." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
