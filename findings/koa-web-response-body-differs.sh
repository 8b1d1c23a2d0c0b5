#!/bin/sh
# Koa 3: for a web stream or Response as body, HEAD announces 2 bytes; and two cookies of a Response are sent as one header.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund koa@3.3.0

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import http from "node:http";
import { Readable } from "node:stream";
import Koa from "koa";

const TEXT = "BEGIN:VCALENDAR";
const bodies = {
  "/node-stream": () => Readable.from([TEXT]),
  "/web-stream": () => new Blob([TEXT]).stream(),
  "/response": () =>
    new Response(TEXT, {
      headers: [
        ["Set-Cookie", "session=1; HttpOnly"],
        ["Set-Cookie", "theme=dark"],
      ],
    }),
};
const app = new Koa();
app.use((context) => {
  context.body = bodies[context.path]();
});
const server = app.listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));

const headersOf = (method, path) =>
  new Promise((resolve, reject) => {
    http
      .request({ port: server.address().port, host: "127.0.0.1", method, path, agent: false }, (answer) => {
        answer.resume().on("end", () => resolve(answer.headers));
      })
      .on("error", reject)
      .end();
  });

console.log("koa", JSON.parse(readFileSync("node_modules/koa/package.json", "utf8")).version);
console.log("Expected: HEAD announces no length that GET does not have, and each Set-Cookie of a Response stays a header of its own.");
const lengths = {};
for (const path of Object.keys(bodies)) {
  const get = (await headersOf("GET", path))["content-length"] ?? "none";
  const head = (await headersOf("HEAD", path))["content-length"] ?? "none";
  lengths[path] = `GET ${get}, HEAD ${head}`;
}
const cookies = (await headersOf("GET", "/response"))["set-cookie"];
server.close();
console.log("Seen: content-length:", lengths, "cookies:", cookies);

const same =
  lengths["/node-stream"] === "GET none, HEAD none" &&
  lengths["/web-stream"] === "GET none, HEAD 2" &&
  lengths["/response"] === "GET none, HEAD 2" &&
  cookies.length === 1 &&
  cookies[0] === "session=1; HttpOnly, theme=dark";
console.log(
  same
    ? "HEAD counts the body as the JSON text {} (a Node stream is right), and a client reads one cookie instead of two."
    : "CHANGED",
);
process.exit(same ? 0 : 1);
JS
node check.mjs
