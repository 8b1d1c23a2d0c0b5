#!/bin/sh
# chai: two Sets of the same objects or dates are not deeply equal when they were filled in another order, and Sets of words are.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund chai@6.3.0

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { expect } from "chai";

const chaiEqual = (left, right) => {
  try {
    expect(left).to.deep.equal(right);
    return true;
  } catch {
    return false;
  }
};
const pairs = {
  words: () => ["a", "b"],
  objects: () => [{ id: 1 }, { id: 2 }],
  dates: () => [new Date(1), new Date(2)],
  numberAndWord: () => [1, "1"],
};

console.log("chai", JSON.parse(readFileSync("node_modules/chai/package.json", "utf8")).version);
console.log("Expected: a Set has no order for deep equality, whatever its members are, as in node:util.");
const seen = {};
for (const [name, members] of Object.entries(pairs)) {
  const [left, right] = [new Set(members()), new Set(members().reverse())];
  seen[name] = [chaiEqual(left, right), isDeepStrictEqual(left, right)].join(" ");
}
console.log("Seen: equal in chai and in node:util, filled in another order:", seen);
const want = { words: "true true", objects: "false true", dates: "false true", numberAndWord: "false true" };
const same = JSON.stringify(seen) === JSON.stringify(want);
console.log(same ? "Members are sorted by their text first; members of one text stay in the order of insertion." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
