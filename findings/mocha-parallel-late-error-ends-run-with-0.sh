#!/bin/sh
# mocha: with --parallel an error thrown after the last test of a file ends the run without a summary, with status 0.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund mocha@11.8.0

mkdir tests
cat >tests/late.test.cjs <<'JS'
// A timer that the test did not wait for throws while the tests of the other file run.
it("starts a timer", () => void setTimeout(() => { throw new Error("too late"); }, 300));
it("ends", (done) => void setTimeout(done, 100));
JS
cat >tests/other.test.cjs <<'JS'
it("waits", (done) => void setTimeout(done, 1500));
it("fails", () => { throw new Error("a real failure"); });
JS
cat >check.mjs <<'JS'
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const run = (...options) => {
  const { status, stdout } = spawnSync("node", ["node_modules/mocha/bin/mocha.js", ...options, "tests"], { encoding: "utf8" });
  const counts = [...stdout.matchAll(/\d+ (?:passing|failing)/g)].map(([text]) => text).join(", ");
  return `status ${status}, ${counts || "no summary"}`;
};

console.log("mocha", JSON.parse(readFileSync("node_modules/mocha/package.json", "utf8")).version);
console.log("Expected: the error fails the run, in one process as in several.");
const seen = { serial: run(), parallel: run("--parallel", "--jobs", "2") };
console.log("Seen:", seen);

const same = /^status [1-9]\d*, 2 passing, 2 failing$/.test(seen.serial) && seen.parallel === "status 0, no summary";
console.log(same ? "A job that trusts the status takes the run for passed, though a test of the other file fails too." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
