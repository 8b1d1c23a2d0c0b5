#!/bin/sh
# lru-cache: with ttlAutopurge and a lifetime of a month one entry wakes the process about every millisecond, for as long as it lives.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund lru-cache@11.5.3

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { LRUCache } from "lru-cache";

const DAY = 86_400_000;
const setTimer = globalThis.setTimeout;

/** How many timers are set in half a second after one entry was added, by its lifetime in days. */
const timersFor = async (days) => {
  let timers = 0;
  globalThis.setTimeout = (...given) => {
    timers += 1;
    return setTimer(...given);
  };
  const cache = new LRUCache({ max: 10, ttl: days * DAY, ttlAutopurge: true });
  cache.set("calendar", 1);
  await sleep(500);
  globalThis.setTimeout = setTimer;
  const kept = cache.has("calendar");
  cache.clear();
  return { timers, kept };
};

console.log("lru-cache", JSON.parse(readFileSync("node_modules/lru-cache/package.json", "utf8")).version);
console.log("Expected: one entry sets one timer, or a few for a lifetime that no timer can hold.");
const seen = { twentyDays: await timersFor(20), thirtyDays: await timersFor(30) };
console.log("Seen: timers set in half a second:", seen);

const same = seen.twentyDays.timers === 1 && seen.thirtyDays.timers > 50 && seen.twentyDays.kept && seen.thirtyDays.kept;
console.log(same ? "A timer of over 24.8 days ends after 1 ms; the entry is not stale then, and the same timer is set again." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node --no-warnings check.mjs
