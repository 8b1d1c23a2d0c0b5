#!/bin/sh
# neverthrow: when safeTry ends at an error, the finally blocks of its body do not run: what they release stays held.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund neverthrow@8.2.0

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { err, errAsync, ok, okAsync, safeTry } from "neverthrow";

const book = (outcome) => {
  const log = [];
  const result = safeTry(function* () {
    log.push("lock");
    try {
      return ok(yield* outcome);
    } finally {
      log.push("unlock");
    }
  });
  return [...log, result.isOk() ? "ok" : "error"].join();
};

const bookAsync = async (outcome) => {
  const log = [];
  const result = await safeTry(async function* () {
    log.push("lock");
    try {
      return ok(yield* outcome);
    } finally {
      log.push("unlock");
    }
  });
  return [...log, result.isOk() ? "ok" : "error"].join();
};

console.log("neverthrow", JSON.parse(readFileSync("node_modules/neverthrow/package.json", "utf8")).version);
console.log("Expected: yield* of an error leaves the body as a return does, so finally runs: lock, unlock, error.");
const seen = {
  ok: book(ok(1)),
  error: book(err("taken")),
  okAsync: await bookAsync(okAsync(1)),
  errorAsync: await bookAsync(errAsync("taken")),
};
console.log("Seen:", seen);

const same = [seen.ok, seen.okAsync].every((log) => log === "lock,unlock,ok") && [seen.error, seen.errorAsync].every((log) => log === "lock,error");
console.log(same ? "The body is left at the error and never finished, so the lock is released only on success." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
