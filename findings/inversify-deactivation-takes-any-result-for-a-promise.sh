#!/bin/sh
# InversifyJS 8: onDeactivation((server) => server.close()) makes unbindAllAsync() fail: it takes each result of a handler for a promise.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund inversify@8.2.3 reflect-metadata@0.2.2

cat >check.mjs <<'JS'
import "reflect-metadata";
import { readFileSync } from "node:fs";
import http from "node:http";
import { Container } from "inversify";

const outcome = async (handler) => {
  const container = new Container();
  container.bind("server").toDynamicValue(() => http.createServer()).inSingletonScope().onDeactivation(handler);
  const server = container.get("server");
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  try {
    await container.unbindAllAsync();
    return "done";
  } catch (error) {
    return error.message;
  } finally {
    server.close();
  }
};

console.log("inversify", JSON.parse(readFileSync("node_modules/inversify/package.json", "utf8")).version);
console.log("Expected: the handler is of type void or Promise<void>, and TypeScript allows any result for void, so a result that is no promise is ignored.");
const seen = [
  await outcome((server) => {
    server.close();
  }),
  await outcome(async (server) => server.close()),
  await outcome((server) => server.close()),
];
console.log("Seen: a handler without a result, with a promise, with the result of close():", seen);

const same = seen.join() === "done,done,deactivationResult.then is not a function";
console.log(same ? "Only undefined counts as no promise, so the end of the service fails at an arrow function that returns something." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
