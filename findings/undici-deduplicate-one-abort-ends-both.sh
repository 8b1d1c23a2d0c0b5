#!/bin/sh
# undici: with the deduplicate interceptor the abort of the first of two like requests also ends the second, which has no signal.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund undici@7.30.2

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, interceptors, request } from "undici";

let requests = 0;
const server = createServer(async (_, response) => {
  requests += 1;
  await sleep(300);
  response.end("events");
}).listen(0);
await new Promise((resolve) => server.once("listening", resolve));

/** What two like requests give, of which the first is given up after 100 ms. */
const outcomes = async (dispatcher) => {
  requests = 0;
  const patience = new AbortController();
  const get = async (signal) => {
    const { body } = await request(`http://localhost:${server.address().port}/events`, { dispatcher, signal });
    return body.text();
  };
  const both = [get(patience.signal), get()];
  await sleep(100);
  patience.abort();
  const settled = await Promise.allSettled(both);
  return [...settled.map(({ reason, value }) => reason?.name ?? value), `${requests} sent`].join(", ");
};

console.log("undici", JSON.parse(readFileSync("node_modules/undici/package.json", "utf8")).version);
console.log("Expected: the request continues while one caller still waits for it, so only the first caller gets an AbortError.");
const seen = { plain: await outcomes(new Agent()), deduplicated: await outcomes(new Agent().compose(interceptors.deduplicate())) };
console.log("Seen:", seen);

const same = seen.plain === "AbortError, events, 2 sent" && seen.deduplicated === "AbortError, AbortError, 1 sent";
console.log(same ? "The second caller gets an AbortError though it passed no signal." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
