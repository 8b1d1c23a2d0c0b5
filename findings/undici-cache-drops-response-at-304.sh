#!/bin/sh
# undici: the cache interceptor drops a stored response when a 304 confirms it, so every second request transfers the body again.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
# The newest for Node.js 20; 8.13.1 does the same.
npm install --silent --no-audit --no-fund undici@7.30.2

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import http from "node:http";
import { Agent, cacheStores, interceptors, request } from "undici";

/** The statuses that the server sends for six equal requests, and the bodies that the client gets. */
const statuses = async (cacheControl) => {
  const sent = [];
  const server = http.createServer((incoming, answer) => {
    answer.statusCode = incoming.headers["if-none-match"] === '"1"' ? 304 : 200;
    sent.push(answer.statusCode);
    answer.setHeader("etag", '"1"');
    answer.setHeader("cache-control", cacheControl);
    answer.end(answer.statusCode === 200 ? "events" : undefined);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const dispatcher = new Agent().compose(interceptors.cache({ store: new cacheStores.MemoryCacheStore() }));
  const bodies = new Set();
  for (let index = 0; index < 6; index += 1) {
    const { body } = await request(`http://127.0.0.1:${server.address().port}`, { dispatcher });
    bodies.add(await body.text());
  }
  server.closeAllConnections();
  server.close();
  return `${sent.join(" ")} (${[...bodies]})`;
};

console.log("undici", JSON.parse(readFileSync("node_modules/undici/package.json", "utf8")).version);
console.log("Expected: RFC 9111 (4.3.4): a 304 freshens the stored response, which stays, so of six requests only the first is answered with 200.");
const noCache = await statuses("no-cache");
const mustRevalidate = await statuses("max-age=0, must-revalidate");
console.log("Seen: no-cache:", noCache, "must-revalidate:", mustRevalidate);

const same = [noCache, mustRevalidate].every((seen) => seen === "200 304 200 304 200 304 (events)");
console.log(same ? "After each 304 the next request has no If-None-Match: the cache saves half of what it could." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
