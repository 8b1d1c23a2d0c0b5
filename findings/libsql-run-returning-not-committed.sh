#!/bin/sh
# libsql: `run()` of a write with RETURNING reports no change and leaves the write uncommitted, without an error.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund libsql@0.5.29

cat >check.cjs <<'JS'
const Database = require("libsql");
const count = (database) => database.prepare("SELECT count(*) AS n FROM t").all()[0].n;

console.log("libsql", JSON.parse(require("node:fs").readFileSync("node_modules/libsql/package.json", "utf8")).version);
console.log("Expected: outside a transaction, run() of INSERT ... RETURNING reports 3 changes and commits before it returns.");

const writer = new Database("check.db");
writer.exec("CREATE TABLE t (a INTEGER PRIMARY KEY, b)");
const answer = writer.prepare("INSERT INTO t (b) VALUES (1), (2), (3) RETURNING a").run();
const seen = {
  changes: answer.changes,
  rowsForTheWriter: count(writer),
  rowsForAnotherConnection: count(new Database("check.db")),
  inTransaction: writer.inTransaction,
};
require("node:fs").writeFileSync("seen.json", JSON.stringify(seen));
// An orderly end would finalize the statement and so commit late; a kill shows what the file held.
process.kill(process.pid, "SIGKILL");
JS
cat >after.cjs <<'JS'
const Database = require("libsql");
const seen = JSON.parse(require("node:fs").readFileSync("seen.json", "utf8"));
seen.rowsAfterAKill = new Database("check.db").prepare("SELECT count(*) AS n FROM t").all()[0].n;
console.log("Seen:", seen);

const same =
  seen.changes === 0 &&
  seen.rowsForTheWriter === 3 &&
  seen.rowsForAnotherConnection === 0 &&
  seen.inTransaction === false &&
  seen.rowsAfterAKill === 0;
console.log(same ? "The writer sees its rows, no other connection does, and a kill of the process loses them." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.cjs || true
node after.cjs
