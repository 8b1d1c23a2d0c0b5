#!/bin/sh
# cron: a daily job of the hour after the repeated one runs twice on that day, once an hour early.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund cron@4.4.0 @sinonjs/fake-timers@15.5.0

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import FakeTimers from "@sinonjs/fake-timers";
import { CronJob } from "cron";

/** Runs a daily job from midnight of 1 November 2026 in New York, where 01:00 to 02:00 is repeated, for 30 hours. */
const runsOf = (cronTime) => {
  const clock = FakeTimers.install({ now: Date.parse("2026-11-01T04:00:00Z") });
  const runs = [];
  const job = CronJob.from({ cronTime, timeZone: "America/New_York", start: true, onTick: () => runs.push(new Date().toISOString().slice(8, 16)) });
  clock.tick(30 * 3_600_000);
  job.stop();
  clock.uninstall();
  return runs;
};

console.log("cron", JSON.parse(readFileSync("node_modules/cron/package.json", "utf8")).version);
console.log("Expected: 02:30 and 03:30 exist once on 1 November, so a daily job of either runs once on that day: at 07:30Z, at 08:30Z.");
const two = runsOf("30 2 * * *");
const three = runsOf("30 3 * * *");
console.log("Seen: 02:30:", two, "03:30:", three);

const same = two.join() === "01T06:30,01T07:30,02T07:30" && three.join() === "01T08:30,02T08:30";
console.log(same ? "The job of 02:30 also runs at 06:30Z, which is the second 01:30 in New York." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
