#!/bin/sh
# undici: the retry interceptor does not send a POST again, but turns its answer 503 into an error; a 409 it hands on.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund undici@7.30.2

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Agent, interceptors, request } from "undici";

let requests = 0;
const server = createServer((incoming, response) => {
  requests += 1;
  response.writeHead(Number(incoming.url.slice(1)), { "content-type": "application/json" });
  response.end('{"error":"closed for maintenance"}');
}).listen(0);
await new Promise((resolve) => server.once("listening", resolve));

const answer = async (dispatcher, status) => {
  requests = 0;
  const url = `http://localhost:${server.address().port}/${status}`;
  const seen = await request(url, { dispatcher, method: "POST", body: "{}" }).then(
    async ({ statusCode, body }) => `${statusCode} ${(await body.json()).error}`,
    ({ name, statusCode, body }) => `${name} ${statusCode} ${body?.error}`,
  );
  return `${seen}, ${requests} sent`;
};

console.log("undici", JSON.parse(readFileSync("node_modules/undici/package.json", "utf8")).version);
console.log("Expected: a POST is not retried by default, so its answer comes as it does without the interceptor.");
const [plain, retrying] = [new Agent(), new Agent().compose(interceptors.retry())];
const seen = { plain503: await answer(plain, 503), retry503: await answer(retrying, 503), retry409: await answer(retrying, 409) };
console.log("Seen:", seen);

const same =
  seen.plain503 === "503 closed for maintenance, 1 sent" &&
  seen.retry503 === "RequestRetryError 503 undefined, 1 sent" &&
  seen.retry409 === "409 closed for maintenance, 1 sent";
console.log(same ? "Nothing was retried, and the body that says why is lost." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
