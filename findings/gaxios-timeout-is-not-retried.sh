#!/bin/sh
# gaxios: a request that has no answer in time is not retried, though one whose connection is closed without an answer is.
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

/** Sends a request that may be retried to a server that gives no answer, and tells how many arrived. */
const requests = async (treat) => {
  let arrived = 0;
  const server = http.createServer((incoming) => {
    arrived += 1;
    treat(incoming.socket);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${server.address().port}`;
  const failure = await request({ url, timeout: 1_000, retry: true, retryConfig: { noResponseRetries: 2, retryDelay: 10 } }).catch((error) => error);
  server.closeAllConnections();
  server.close();
  return `${arrived} (${failure.code ?? failure.cause?.name})`;
};

console.log("gaxios", JSON.parse(readFileSync("node_modules/gaxios/package.json", "utf8")).version);
console.log("Expected: noResponseRetries is documented as the retries when there was no response, which a timeout is: 3 requests in either case.");
const closed = await requests((socket) => socket.destroy());
const silent = await requests(() => undefined);
console.log("Seen: requests when the connection is closed:", closed, "when no answer comes:", silent);

const same = closed === "3 (ECONNRESET)" && silent === "1 (AbortError)";
console.log(same ? "The timeout is an abort like that of the caller, and an abort is never retried; the error has no code either." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
