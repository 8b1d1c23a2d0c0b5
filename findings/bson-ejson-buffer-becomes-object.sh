#!/bin/sh
# bson: EJSON writes a Buffer as an object of numbers, where serialize() stores it as binary data.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund bson@7.3.4

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { deserialize, EJSON, serialize } from "bson";

const document = { key: Buffer.from("abc") };

console.log("bson", JSON.parse(readFileSync("node_modules/bson/package.json", "utf8")).version);
console.log("Expected: EJSON is BSON as text, so a document is the same after EJSON as after BSON: key is 3 bytes of binary data.");
const throughBson = deserialize(serialize(document)).key;
const text = EJSON.stringify(document, { relaxed: false });
const throughText = EJSON.parse(text, { relaxed: false }).key;
const stored = EJSON.stringify(deserialize(serialize(document)), { relaxed: false });
console.log("Seen: through BSON:", throughBson, "EJSON of it:", stored);
console.log("Seen: through EJSON:", throughText, "from", text);

const same =
  throughBson._bsontype === "Binary" &&
  stored === '{"key":{"$binary":{"base64":"YWJj","subType":"00"}}}' &&
  throughText._bsontype === undefined &&
  Object.keys(throughText).join() === "0,1,2";
console.log(same ? "A backup of documents that the program made itself, rather than read, loses their binary fields." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
