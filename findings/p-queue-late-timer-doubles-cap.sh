#!/bin/sh
# p-queue: a task that keeps the thread busy over the end of an interval lets twice intervalCap start at once.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund p-queue@9.3.5

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import PQueue from "p-queue";

const INTERVAL = 1000;
const CAP = 5;

/** The most starts within a tenth of an interval, of 25 tasks of which one may compute over the end of an interval. */
const burstOf = async (strict, computes) => {
  const queue = new PQueue({ interval: INTERVAL, intervalCap: CAP, strict });
  const began = performance.now();
  const passed = () => performance.now() - began;
  const starts = [];
  const add = (work) => void queue.add(() => (starts.push(passed()), work?.()));
  for (let index = 0; index < CAP + 1; index += 1) add();
  await sleep(1.4 * INTERVAL);
  add(async () => {
    await sleep(0.4 * INTERVAL);
    while (computes && passed() < 2.2 * INTERVAL);
  });
  for (let index = 0; index < 18; index += 1) add();
  await queue.onIdle();
  return Math.max(...starts.map((start) => starts.filter((other) => other >= start && other < start + INTERVAL / 10).length));
};

console.log("p-queue", JSON.parse(readFileSync("node_modules/p-queue/package.json", "utf8")).version);
console.log(`Expected: at most ${CAP} tasks start at once, as intervalCap says, also when a task computes for 0.4 s.`);
const seen = { idle: await burstOf(false, false), computes: await burstOf(false, true), strict: await burstOf(true, true) };
console.log("Seen: most starts in a tenth of an interval:", seen);

const same = seen.idle === CAP && seen.computes === 2 * CAP && seen.strict === CAP;
console.log(
  same ? "The end of the task opens the next interval, and the late timer opens it once more; strict mode keeps the limit." : "CHANGED",
);
process.exit(same ? 0 : 1);
JS
node check.mjs
