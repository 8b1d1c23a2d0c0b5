#!/bin/sh
# undici: the retry interceptor completes a cut body with bytes of a newer version, unless the first answer had a strong ETag.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
# The newest for Node.js 20; 8.13.1 does the same.
npm install --silent --no-audit --no-fund undici@7.30.2

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import http from "node:http";
import { Agent, interceptors, request } from "undici";

/** Reads a resource whose connection ends after 5 of 10 bytes, and which then changes: the rest comes from the new version. */
const read = async (headersOf) => {
  let answers = 0;
  const server = http.createServer((incoming, answer) => {
    answers += 1;
    for (const [name, value] of Object.entries(headersOf(answers))) answer.setHeader(name, value);
    if (answers === 1) {
      answer.setHeader("content-length", 10);
      answer.write("OLDOL");
      setTimeout(() => answer.destroy(), 50);
    } else {
      answer.statusCode = 206;
      answer.setHeader("content-range", "bytes 5-9/10");
      answer.end("newne");
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const dispatcher = new Agent().compose(interceptors.retry({ minTimeout: 10 }));
  try {
    const { body } = await request(`http://127.0.0.1:${server.address().port}`, { dispatcher });
    return await body.text();
  } catch (error) {
    return error.message;
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

console.log("undici", JSON.parse(readFileSync("node_modules/undici/package.json", "utf8")).version);
console.log("Expected: RFC 9110 (15.3.7.3): parts are combined only if both have the same strong validator; otherwise the read fails.");
const seen = {
  strong: await read((version) => ({ etag: `"${version}"` })),
  weak: await read((version) => ({ etag: `W/"${version}"` })),
  date: await read((version) => ({ "last-modified": `Mon, 01 Jun 2026 10:00:0${version} GMT` })),
  none: await read(() => ({})),
};
console.log("Seen: body after the resource changed, by kind of validator:", seen);

const same = seen.strong === "ETag mismatch" && [seen.weak, seen.date, seen.none].every((body) => body === "OLDOLnewne");
console.log(same ? "With a weak ETag, a date or nothing, the body is half of each version, with status 200 and no error." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
