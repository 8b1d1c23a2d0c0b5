#!/bin/sh
# libsql: a row read with `get()` has an extra enumerable key, `_metadata`; the same row read with `all()` or `iterate()` has not.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund libsql@0.5.29

cat >check.cjs <<'JS'
const Database = require("libsql");

console.log("libsql", JSON.parse(require("node:fs").readFileSync("node_modules/libsql/package.json", "utf8")).version);
console.log("Expected: get() answers the columns of the row and nothing else, the same object as all()[0].");

const database = new Database(":memory:");
database.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, title TEXT); INSERT INTO t VALUES (1, 'golf')");
const statement = database.prepare("SELECT id, title FROM t");
const got = Object.keys(statement.get());
const all = Object.keys(statement.all()[0]);
const iterated = Object.keys([...statement.iterate()][0]);
console.log("Seen: keys of get():", got, "keys of all()[0]:", all, "keys of iterate():", iterated);

const same = got.join() === "id,title,_metadata" && all.join() === "id,title" && iterated.join() === "id,title";
console.log(same ? "get() adds _metadata, so spreading or comparing the row carries it along." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.cjs
