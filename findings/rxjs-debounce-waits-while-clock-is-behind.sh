#!/bin/sh
# rxjs: debounceTime gives nothing for an hour when the system clock is set back by an hour; the other time operators do not care.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund rxjs@7.8.2

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Subject, auditTime, bufferTime, debounceTime, delay, sampleTime } from "rxjs";

const now = Date.now;

/** The names of the operators that gave a value within 0.8 s of it, if 0.1 s after the value the clock moves by so much. */
const given = async (shift) => {
  const source = new Subject();
  const operators = { debounceTime, auditTime, sampleTime, delay, bufferTime };
  const names = new Set();
  const subscriptions = Object.entries(operators).map(([name, operator]) => source.pipe(operator(200)).subscribe(() => names.add(name)));
  source.next("change");
  await sleep(100);
  Date.now = () => now() + shift;
  await sleep(700);
  Date.now = now;
  for (const subscription of subscriptions) subscription.unsubscribe();
  return [...names].sort().join(" ");
};

console.log("rxjs", JSON.parse(readFileSync("node_modules/rxjs/package.json", "utf8")).version);
console.log("Expected: a value is given 200 ms after it came, by every operator, whatever a correction does to the clock meanwhile.");
const seen = { unmoved: await given(0), forward: await given(3_600_000), back: await given(-3_600_000) };
console.log("Seen: operators that gave the value:", seen);

const all = "auditTime bufferTime debounceTime delay sampleTime";
const same = seen.unmoved === all && seen.forward === all && seen.back === "auditTime bufferTime delay sampleTime";
console.log(same ? "debounceTime compares times of the clock in its timer, and waits again until the clock is where it was." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
