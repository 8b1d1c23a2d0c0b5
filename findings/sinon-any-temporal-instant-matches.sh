#!/bin/sh
# sinon: `calledWith` takes any Temporal instant for any other, and so does node:assert on Node.js 20; chai tells them apart.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund sinon@22.1.0 chai@6.3.0 temporal-polyfill@1.0.8

cat >check.mjs <<'JS'
import assert from "node:assert";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import sinon from "sinon";
import { Temporal } from "temporal-polyfill";

const holds = (check) => {
  try {
    check();
    return true;
  } catch {
    return false;
  }
};
const spyCalledWith = (value) => {
  const spy = sinon.spy();
  spy(value);
  return spy;
};
const compare = (left, right) => ({
  sinon: spyCalledWith({ at: left }).calledWith({ at: right }),
  assert: holds(() => assert.deepStrictEqual(left, right)),
  chai: holds(() => expect(left).to.deep.equal(right)),
});

console.log("sinon", JSON.parse(readFileSync("node_modules/sinon/package.json", "utf8")).version);
console.log("Expected: an instant in January is not equal to one in June, as it is with Date.");
const [january, june] = ["2026-01-01T00:00Z", "2026-06-01T00:00Z"];
const seen = {
  dates: compare(new Date(january), new Date(june)),
  instants: compare(Temporal.Instant.from(january), Temporal.Instant.from(june)),
};
console.log("Seen: equal:", seen);
const want = {
  dates: { sinon: false, assert: false, chai: false },
  instants: { sinon: true, assert: true, chai: false },
};
const same = JSON.stringify(seen) === JSON.stringify(want);
console.log(same ? "An assertion that a job was planned for January also holds when it was planned for June." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
