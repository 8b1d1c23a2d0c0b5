#!/bin/sh
# ts-results: its main entry cannot be loaded after a clean install; beside a package that brings tslib, as rxjs does, it can.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir alone beside
(cd alone && npm init -y >/dev/null && npm install --silent --no-audit --no-fund ts-results@3.3.0)
(cd beside && npm init -y >/dev/null && npm install --silent --no-audit --no-fund ts-results@3.3.0 rxjs@7.8.2)

cat >check.cjs <<'JS'
const { createRequire } = require("node:module");

const load = (folder, entry) => {
  try {
    return typeof createRequire(`${__dirname}/${folder}/check.cjs`)(entry).Ok;
  } catch (error) {
    return error.message.split("\n")[0];
  }
};

const { version, dependencies } = require("./alone/node_modules/ts-results/package.json");
console.log("ts-results", version);
console.log("Expected: a package declares what it requires, so that the only one of a project can be loaded.");
const seen = [load("alone", "ts-results"), load("alone", "ts-results/result.js"), load("beside", "ts-results"), dependencies ?? "none"];
console.log("Seen: alone: main entry, result.js; beside rxjs: main entry; declared dependencies:", seen);

const same = seen.join() === "Cannot find module 'tslib',function,function,none";
console.log(same ? "It works until the last dependency that happens to bring tslib is removed, or is not hoisted." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.cjs
