#!/bin/sh
# libsql: a parameter of the statement that is not given, or is misspelled, is NULL: an update clears the column without an error.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund libsql@0.5.29

cat >check.cjs <<'JS'
const Database = require("libsql");

/** The stored values after a change of a lesson that had both. */
const after = (sql, parameters) => {
  const database = new Database(":memory:");
  database.exec("CREATE TABLE lessons (id, golfer, bay); INSERT INTO lessons VALUES (1, 'a', 'one')");
  try {
    database.prepare(sql).run(parameters);
  } catch (error) {
    return error.message;
  }
  const { golfer, bay } = database.prepare("SELECT golfer, bay FROM lessons").all()[0];
  return `${golfer}, ${bay}`;
};

console.log("libsql", JSON.parse(require("node:fs").readFileSync("node_modules/libsql/package.json", "utf8")).version);
console.log("Expected: an error, as in better-sqlite3, with which libsql says it is compatible, where a value of the statement is missing.");
const seen = {
  misspelled: after("UPDATE lessons SET golfer = :golfer, bay = :bay WHERE id = :id", { id: 1, golfer: "b", Bay: "two" }),
  tooFew: after("UPDATE lessons SET golfer = ?, bay = ?", ["b"]),
  tooMany: after("UPDATE lessons SET golfer = ?", ["b", "two"]),
};
console.log("Seen: golfer and bay after a change to b, two:", seen);

const same = seen.misspelled === "b, null" && seen.tooFew === "b, null" && seen.tooMany === "b, one";
console.log(same ? "Two of the changes erase the bay that was stored; a value too many is ignored." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.cjs
