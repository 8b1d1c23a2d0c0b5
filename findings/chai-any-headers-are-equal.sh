#!/bin/sh
# chai: `deep.equal` takes any two Headers for equal, and any two Blobs of one size, and does not look at the cause of an error.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund chai@6.3.0

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { expect } from "chai";

const equal = (left, right) => {
  try {
    expect(left).to.deep.equal(right);
    return true;
  } catch {
    return false;
  }
};

console.log("chai", JSON.parse(readFileSync("node_modules/chai/package.json", "utf8")).version);
console.log("Expected: what holds different content is not deeply equal.");
const seen = {
  maps: equal(new Map([["etag", "1"]]), new Map([["etag", "2"]])),
  addresses: equal(new URL("https://example.com/1"), new URL("https://example.com/2")),
  headers: equal(new Headers({ etag: "1" }), new Headers({ etag: "2" })),
  headersAndNone: equal(new Headers({ etag: "1" }), new Headers()),
  queries: equal(new URLSearchParams("page=1"), new URLSearchParams("page=2")),
  blobs: equal(new Blob(["a"]), new Blob(["b"])),
  causes: equal(new Error("failed", { cause: "busy" }), new Error("failed", { cause: "gone" })),
  messages: equal(new Error("busy"), new Error("gone")),
};
console.log("Seen: equal:", seen);
const want = { maps: false, addresses: false, headers: true, headersAndNone: true, queries: true, blobs: true, causes: true, messages: false };
const same = JSON.stringify(seen) === JSON.stringify(want);
console.log(same ? "A test that compares the headers or the query of two requests this way cannot fail." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
