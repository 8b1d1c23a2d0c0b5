#!/bin/sh
# libsql: `get()` of a prepared statement that was read with `all()` or `iterate()` ignores its parameters, and answers for the old ones.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund libsql@0.5.29

cat >check.cjs <<'JS'
const Database = require("libsql");

const database = new Database(":memory:");
database.exec("CREATE TABLE lessons (id, golfer); INSERT INTO lessons VALUES (1, 'a'), (2, 'b'), (3, 'c')");
const statement = () => database.prepare("SELECT golfer FROM lessons WHERE id = ?");

const afterAll = statement();
afterAll.all(1);
const afterIterate = statement();
for (const row of afterIterate.iterate(1)) void row;
const fresh = statement();

console.log("libsql", JSON.parse(require("node:fs").readFileSync("node_modules/libsql/package.json", "utf8")).version);
console.log("Expected: get(2) of a statement answers the lesson 2, of golfer b, whatever the statement was used for before.");
const seen = {
  afterAll: [afterAll.get(2).golfer, afterAll.get(3).golfer],
  afterIterate: [afterIterate.get(2).golfer, afterIterate.get(3).golfer],
  fresh: [fresh.get(2).golfer, fresh.get(3).golfer],
};
console.log("Seen: get(2) and get(3):", seen);

const same = seen.afterAll.join() === "a,c" && seen.afterIterate.join() === "a,c" && seen.fresh.join() === "b,c";
console.log(same ? "The first get() answers the lesson 1, without an error; the second one is right again." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.cjs
