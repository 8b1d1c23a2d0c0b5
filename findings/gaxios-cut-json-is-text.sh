#!/bin/sh
# gaxios: a JSON answer that cannot be parsed is returned as text with status 200, also when responseType is "json".
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund gaxios@7.3.1

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import http from "node:http";
import { request } from "gaxios";

/** The type of the data that a client of an event list gets for a body. */
const typeOf = async (body, contentType, responseType) => {
  const server = http.createServer((_, answer) => {
    answer.setHeader("content-type", contentType);
    answer.end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${server.address().port}`;
  const seen = await request({ url, responseType }).then(({ status, data }) => `${status} ${typeof data}`, (error) => error.name);
  server.close();
  return seen;
};

console.log("gaxios", JSON.parse(readFileSync("node_modules/gaxios/package.json", "utf8")).version);
console.log("Expected: what is not JSON though it was announced or asked for is an error, as with json() of fetch.");
const seen = [
  await typeOf('{"items":[]}', "application/json", undefined),
  await typeOf('{"items":[', "application/json", undefined),
  await typeOf('{"items":[', "application/json", "json"),
  await typeOf("<p>maintenance</p>", "text/html", "json"),
];
console.log("Seen: whole, cut short, cut short and asked for, a page and asked for:", seen);

const same = seen.join() === "200 object,200 string,200 string,200 string";
console.log(same ? "data.items is undefined then, which reads like a calendar without events." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
