#!/bin/sh
# cron-parser: where the clock goes back by half an hour, next() of an hourly schedule throws that the expression is invalid.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund cron-parser@5.10.6

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { CronExpressionParser } from "cron-parser";

const startsOf = (tz, from, count) => {
  const schedule = CronExpressionParser.parse("0 * * * *", { tz, currentDate: new Date(from) });
  const starts = [];
  try {
    while (starts.length < count) starts.push(schedule.next().toDate().toISOString().slice(11, 16));
  } catch (error) {
    starts.push(error.message);
  }
  return starts;
};

console.log("cron-parser", JSON.parse(readFileSync("node_modules/cron-parser/package.json", "utf8")).version);
console.log("Expected: 0 * * * * has a next run everywhere; on Lord Howe Island 01:30 to 02:00 is repeated on 5 April 2026: 14:00Z, then 15:30Z.");
const newYork = startsOf("America/New_York", "2026-11-01T04:30:00Z", 4);
const spring = startsOf("Australia/Lord_Howe", "2026-10-03T13:40:00Z", 3);
const autumn = startsOf("Australia/Lord_Howe", "2026-04-04T13:30:00Z", 2);
console.log("Seen: New York, back an hour:", newYork, "Lord Howe, forward half an hour:", spring, "back half an hour:", autumn);

const same =
  newYork.join() === "05:00,06:00,07:00,08:00" &&
  spring.join() === "14:30,16:00,17:00" &&
  autumn.join() === "14:00,Invalid expression, loop limit exceeded";
console.log(same ? "The valid expression fails once a year, at the run before the change." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
