#!/bin/sh
# sinon: fake timers reach node:timers/promises when sinon is loaded by require, and not when it is imported.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund sinon@22.1.0

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import promises from "node:timers/promises";
import imported from "sinon";

const required = createRequire(import.meta.url)("sinon");

/** Whether a sleep of a minute ends when the fake clock has gone on by an hour. */
const sleepEnds = async (sinon) => {
  const clock = sinon.useFakeTimers();
  const stop = new AbortController();
  let ended = false;
  promises.setTimeout(60_000, undefined, { signal: stop.signal }).then(
    () => (ended = true),
    () => undefined,
  );
  await clock.tickAsync(3_600_000);
  clock.restore();
  const seen = ended;
  stop.abort();
  return seen;
};

console.log("sinon", JSON.parse(readFileSync("node_modules/sinon/package.json", "utf8")).version);
console.log("Expected: node:timers/promises is faked too, as the documentation of its fake timers says, however sinon was loaded.");
const seen = { imported: await sleepEnds(imported), required: await sleepEnds(required) };
console.log("Seen: a sleep ended with the fake clock:", seen);

const same = seen.imported === false && seen.required === true;
console.log(same ? "The import is the build for browsers, which knows no modules of Node.js; the sleep continues in real time." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
