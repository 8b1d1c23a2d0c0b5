#!/bin/sh
# gaxios: after a 429 with Retry-After it tries again a tenth of a second later, and uses up its tries before the server accepts one.
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

/** A server that answers 429 with a wait of 3 seconds, for as long. */
const asked = [];
const server = http.createServer((_, answer) => {
  asked.push(Date.now() - asked.start);
  const left = Math.ceil(3 - asked.at(-1) / 1_000);
  if (left > 0) answer.writeHead(429, { "retry-after": `${left}` });
  answer.end("{}");
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));

console.log("gaxios", JSON.parse(readFileSync("node_modules/gaxios/package.json", "utf8")).version);
console.log("Expected: RFC 9110 (10.2.3): Retry-After tells how long to wait, so the second request comes after 3 seconds and succeeds.");
asked.start = Date.now();
const status = await request({ url: `http://127.0.0.1:${server.address().port}`, retry: true }).then((answer) => answer.status, (error) => error.status);
server.close();
console.log("Seen: status:", status, "requests after ms:", asked);

const same = status === 429 && asked.length === 4 && asked[1] < 1_000 && asked[3] < 3_000;
console.log(same ? "All retries are sent while the server asked to wait; only retryBackoff of the caller can read the header." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
