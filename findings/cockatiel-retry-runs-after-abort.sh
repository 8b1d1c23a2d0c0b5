#!/bin/sh
# cockatiel: a retry that is aborted during its wait still waits to the end, and then calls the function once more.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
# The newest for Node.js 20; 4.0.0 does the same.
npm install --silent --no-audit --no-fund cockatiel@3.2.1

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { bulkhead, ConstantBackoff, handleAll, retry } from "cockatiel";

/** Aborts 50 ms after the call, and tells what happened: did the function run after that, and was the end waited for? */
const aborted = async (execute) => {
  const controller = new AbortController();
  let ran = "not run";
  const started = Date.now();
  const ended = execute(() => {
    if (controller.signal.aborted) ran = "run";
    throw new Error("unavailable");
  }, controller.signal).catch(() => Date.now() - started);
  await wait(50);
  controller.abort();
  const time = await ended;
  return `${ran} after the abort, ended ${time < 1_000 ? "before" : "after"} a second`;
};

console.log("cockatiel", JSON.parse(readFileSync("node_modules/cockatiel/package.json", "utf8")).version);
console.log("Expected: a call that waits is not carried out once it is aborted: the documentation says so of bulkhead, and retry takes the same signal.");
const room = bulkhead(1, 1);
void room.execute(() => wait(200));
const seen = {
  bulkhead: await aborted((call, signal) => room.execute(call, signal)),
  retry: await aborted((call, signal) => retry(handleAll, { maxAttempts: 5, backoff: new ConstantBackoff(1_500) }).execute(call, signal)),
};
console.log("Seen:", seen);

const same = seen.bulkhead === "not run after the abort, ended before a second" && seen.retry === "run after the abort, ended after a second";
console.log(same ? "The signal is checked only when a try has failed: a stop takes as long as the wait and makes another request." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
