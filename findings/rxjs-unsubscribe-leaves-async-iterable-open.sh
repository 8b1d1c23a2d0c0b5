#!/bin/sh
# rxjs: after an unsubscription `from(asyncIterable)` does not close the iterable; its listener stays until the next value comes.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund rxjs@7.8.2

cat >check.mjs <<'JS'
import { EventEmitter, on } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { from, lastValueFrom, timeout } from "rxjs";

console.log("rxjs", JSON.parse(readFileSync("node_modules/rxjs/package.json", "utf8")).version);
console.log("Expected: an unsubscription calls return() of the iterator, so the listener goes at once, as with break in for await.");

const emitter = new EventEmitter();
const listeners = () => emitter.listenerCount("change");

const seen = { before: listeners() };
for (let attempt = 0; attempt < 3; attempt += 1) {
  await lastValueFrom(from(on(emitter, "change")).pipe(timeout({ first: 20 }))).catch((error) => (seen.error = error.name));
}
await sleep(50);
seen.afterThreeTimeouts = listeners();

const iterator = on(emitter, "change");
await Promise.race([iterator.next(), sleep(20)]);
await iterator.return();
seen.afterReturn = listeners();

emitter.emit("change");
await sleep(50);
seen.afterNextValue = listeners();
console.log("Seen: listeners:", seen);

const same =
  seen.error === "TimeoutError" && seen.before === 0 && seen.afterThreeTimeouts === 3 && seen.afterReturn === 3 && seen.afterNextValue === 0;
console.log(same ? "Each wait given up leaves a listener that gathers events, though the iterator itself can be closed at once." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
