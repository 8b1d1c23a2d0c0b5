#!/bin/sh
# p-throttle: after the system clock is set back by an hour, no call starts for an hour; limiter continues.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund p-throttle@8.1.1 limiter@4.1.0

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { RateLimiter } from "limiter";
import pThrottle from "p-throttle";

const now = Date.now;

/** How many of six calls start within 2 s, two allowed in each 0.3 s, if the clock moves after the first two. */
const started = async (call, shift) => {
  let calls = 0;
  const start = () => call().then(() => (calls += 1));
  for (let index = 0; index < 2; index += 1) start();
  await sleep(100);
  Date.now = () => now() + shift;
  for (let index = 0; index < 4; index += 1) start();
  await sleep(2000);
  Date.now = now;
  return calls;
};
const throttled = (strict) => pThrottle({ limit: 2, interval: 300, strict })(async () => undefined);
const limited = () => {
  const limiter = new RateLimiter({ tokensPerInterval: 2, interval: 300 });
  return () => limiter.removeTokens(1);
};

console.log("p-throttle", JSON.parse(readFileSync("node_modules/p-throttle/package.json", "utf8")).version);
console.log("Expected: six calls start within a second, whatever a correction does to the clock meanwhile.");
const seen = {
  unmoved: await started(throttled(false), 0),
  back: await started(throttled(false), -3_600_000),
  backStrict: await started(throttled(true), -3_600_000),
  backLimiter: await started(limited(), -3_600_000),
};
console.log("Seen: calls started:", seen);

const same = seen.unmoved === 6 && seen.back === 2 && seen.backStrict === 2 && seen.backLimiter === 6;
console.log(same ? "The next call is planned for a time of the clock, and the clock now has to get there again." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
