#!/bin/sh
# tsdav: text that looks like a decimal is read as a number, so a ctag that changes from 7.1 to 7.10 counts as unchanged.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund tsdav@2.3.4

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import http from "node:http";
import { fetchCalendars, isCollectionDirty } from "tsdav";

let ctag = "";
let name = "";
const server = http.createServer((incoming, answer) => {
  incoming.resume();
  answer.writeHead(207, { "content-type": "application/xml" });
  answer.end(`<d:multistatus xmlns:d="DAV:" xmlns:cs="http://calendarserver.org/ns/" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response>
<d:href>/calendar/</d:href><d:propstat><d:prop><d:displayname>${name}</d:displayname><cs:getctag>${ctag}</cs:getctag>
<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>
<c:supported-calendar-component-set><c:comp name="VEVENT"/></c:supported-calendar-component-set>
</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>`);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${server.address().port}/calendar/`;

/** Reads the calendar with the first ctag, and asks whether it changed when the server has the second. */
const dirty = async (first, second) => {
  ctag = first;
  const [calendar] = await fetchCalendars({ account: { accountType: "caldav", homeUrl: url, rootUrl: url, serverUrl: url } });
  ctag = second;
  return { name: calendar.displayName, dirty: (await isCollectionDirty({ collection: calendar })).isDirty };
};

console.log("tsdav", JSON.parse(readFileSync("node_modules/tsdav/package.json", "utf8")).version);
console.log("Expected: a ctag is an opaque text (caldav-ctag), and a display name is text (RFC 4918, 15.2): another text is another value.");
name = "2.10";
const decimal = await dirty("1764532200.1", "1764532200.10");
name = "2.10 m";
const other = await dirty("v1764532200.1", "v1764532200.10");
console.log("Seen: decimals:", decimal, "the same with a letter:", other);
server.closeAllConnections();
server.close();

const same = decimal.name === 2.1 && decimal.dirty === false && other.name === "2.10 m" && other.dirty === true;
console.log(same ? "The changed calendar is not read again, and the calendar 2.10 is named 2.1, like another one." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
