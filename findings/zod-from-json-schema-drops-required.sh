#!/bin/sh
# zod: fromJSONSchema (semi-experimental) drops "required" in a part of anyOf without a type, and for names not in "properties", silently.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund zod@4.6.7 ajv@8.20.0

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { z } from "zod";

const start = {
  type: "object",
  properties: { dateTime: { type: "string" }, date: { type: "string" } },
  anyOf: [{ required: ["dateTime"] }, { required: ["date"] }],
};
const reply = { type: "object", properties: { comment: { type: "string" } }, required: ["id"] };
const unsupported = { ...start, not: { required: ["dateTime", "date"] } };

const byZod = (schema) => {
  try {
    return z.fromJSONSchema(schema).safeParse({}).success;
  } catch {
    return "error";
  }
};
const byAjv = (schema) => new Ajv2020({ strict: false }).validate(schema, {});

console.log("zod", JSON.parse(readFileSync("node_modules/zod/package.json", "utf8")).version);
console.log("Expected: {} is refused where one of two fields, or a field that is not described, is required. What zod cannot convert, it throws for.");
const seen = { start: byZod(start), reply: byZod(reply), unsupported: byZod(unsupported), startByAjv: byAjv(start), replyByAjv: byAjv(reply) };
console.log("Seen: is {} valid?", seen);

const same = seen.start === true && seen.reply === true && seen.unsupported === "error" && seen.startByAjv === false && seen.replyByAjv === false;
console.log(same ? "An event without any start passes the schema of its start." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
