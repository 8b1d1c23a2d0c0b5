#!/bin/sh
# gaxios: after totalTimeout the remaining retries are not given up: they are sent at once, without a wait between them.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
# The newest for Node.js 20; 8.3.3 does the same.
npm install --silent --no-audit --no-fund gaxios@7.3.1

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import http from "node:http";
import { request } from "gaxios";

const requests = [];
const server = http.createServer((incoming, answer) => {
  requests.push(Math.round(performance.now()));
  answer.statusCode = 503;
  answer.end();
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));

console.log("gaxios", JSON.parse(readFileSync("node_modules/gaxios/package.json", "utf8")).version);
console.log("Expected: with a total of 1 s, a server that answers 503 gets about 3 requests (waits 0.1, 0.5, 1.5 s), and then none.");
const began = performance.now();
const status = await request({
  url: `http://127.0.0.1:${server.address().port}`,
  retryConfig: { retry: 8, totalTimeout: 1000 },
}).catch((error) => error.status);
const elapsed = performance.now() - began;
server.close();
const times = requests.map((time) => Math.round(time - requests[0]));
console.log("Seen: status", status, "requests, in milliseconds after the first:", times);

// The waits of 8 retries without a total grow to minutes; 5 s leaves room for a slow machine.
const same = status === 503 && times.length === 9 && elapsed < 5000;
console.log(same ? "All 8 retries are sent, the last ones as a burst at the end of the total time." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
