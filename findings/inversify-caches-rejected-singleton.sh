#!/bin/sh
# InversifyJS 8: a singleton factory that rejects is not called again, and its old error makes unbindAllAsync() reject.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund inversify@8.2.3 reflect-metadata@0.2.2

cat >check.mjs <<'JS'
import "reflect-metadata";
import { readFileSync } from "node:fs";
import { Container } from "inversify";

const outcome = (call) => call().then((value) => value ?? "done", (error) => error.message);

/** Resolves a singleton twice; its factory fails in the first call only. */
const twice = async (factoryOf) => {
  const container = new Container();
  let calls = 0;
  const connect = () => {
    calls += 1;
    if (calls === 1) throw new Error("database is starting");
    return "connected";
  };
  container.bind("store").toDynamicValue(factoryOf(connect)).inSingletonScope();
  await outcome(async () => container.getAsync("store"));
  const second = await outcome(async () => container.getAsync("store"));
  return { calls, second, unbindAll: await outcome(async () => container.unbindAllAsync()) };
};

console.log("inversify", JSON.parse(readFileSync("node_modules/inversify/package.json", "utf8")).version);
console.log("Expected: a failed construction is no singleton: the next getAsync() calls the factory again, whether it threw or rejected.");
const throws = await twice((connect) => () => connect());
const rejects = await twice((connect) => async () => connect());
console.log("Seen: a factory that throws:", throws, "one that rejects:", rejects);

const same =
  throws.calls === 2 &&
  throws.second === "connected" &&
  throws.unbindAll === "done" &&
  rejects.calls === 1 &&
  rejects.second === "database is starting" &&
  rejects.unbindAll === "database is starting";
console.log(
  same
    ? "The rejection is the singleton from then on: no retry succeeds, and the orderly end of the container fails with it."
    : "CHANGED",
);
process.exit(same ? 0 : 1);
JS
node check.mjs
