#!/bin/sh
# ts-results: two Err of the same value are never deeply equal, and the JSON of an Err holds the stack of where it was made.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ts-results@3.3.0 ts-results-es@7.1.0

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import * as library from "ts-results/result.js";
import * as successor from "ts-results-es";

const look = ({ Err, Ok }) => {
  const one = Err("taken");
  const other = Err("taken");
  return {
    ok: isDeepStrictEqual(Ok(1), Ok(1)),
    err: isDeepStrictEqual(one, other),
    fields: Object.keys(JSON.parse(JSON.stringify(one))).join(),
    stack: JSON.stringify(one).includes("check.mjs"),
  };
};

const versionOf = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("ts-results", versionOf("ts-results"), "ts-results-es", versionOf("ts-results-es"));
console.log("Expected: a result is a plain value: Err of the same text on two lines are equal, as two Ok are, and its JSON is its value.");
const seen = { library: look(library), successor: look(successor) };
console.log("Seen:", seen);

const same =
  Object.values(seen).every(({ ok, err, stack }) => ok && !err && stack) &&
  seen.library.fields === "ok,err,val,_stack" &&
  seen.successor.fields === "error,_stack";
console.log(same ? "Each Err keeps a stack in an enumerable field, so a test compares values, and an answer to a client must not hold the Err." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
