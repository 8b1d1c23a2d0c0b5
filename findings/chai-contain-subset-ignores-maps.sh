#!/bin/sh
# chai: `containSubset` takes any Map, Set, URL or Error for any other, and NaN not for itself.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund chai@6.3.0

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { expect } from "chai";

const matches = (actual, expected) => {
  try {
    expect({ value: actual }).to.containSubset({ value: expected });
    return true;
  } catch {
    return false;
  }
};

console.log("chai", JSON.parse(readFileSync("node_modules/chai/package.json", "utf8")).version);
console.log("Expected: a part of an object is compared as deep.equal compares it, so different dates, maps, sets and addresses do not match.");
const seen = {
  dates: matches(new Date(1), new Date(2)),
  bytes: matches(Buffer.from("a"), Buffer.from("b")),
  maps: matches(new Map([["bay", 1]]), new Map([["bay", 2]])),
  sets: matches(new Set([1]), new Set([2])),
  addresses: matches(new URL("https://example.com/1"), new URL("https://example.org/2")),
  errors: matches(new Error("busy"), new Error("gone")),
  emptyList: matches([1, 2], []),
  notANumber: matches(Number.NaN, Number.NaN),
};
console.log("Seen: matches:", seen);
const want = { dates: false, bytes: false, maps: true, sets: true, addresses: true, errors: true, emptyList: true, notANumber: false };
const same = JSON.stringify(seen) === JSON.stringify(want);
console.log(same ? "Only own enumerable properties are compared, and these have none; NaN is not even a subset of itself." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
