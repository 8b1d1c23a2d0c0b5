#!/bin/sh
# ts-caldav: a new title for a series on the last Monday of each month makes it a series on every Monday.
set -eu
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check Radicale==3.9.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ts-caldav@0.3.7

port=$(venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
TZ=UTC venv/bin/python -m radicale --server-hosts "127.0.0.1:$port" --auth-type none --storage-filesystem-folder "$dir/data" >server.log 2>&1 &
server=$!

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { CalDAVClient } from "ts-caldav";

const BASE = `http://127.0.0.1:${process.argv[2]}`;

const call = (method, path, body) =>
  fetch(`${BASE}/user/${path}`, { method, body, headers: { authorization: `Basic ${btoa("user:user")}`, "content-type": "text/calendar" } });

/** The lines of an event with the given names, as they are stored. */
const stored = async (name, wanted) => {
  const text = await (await call("GET", `calendar/${name}.ics`)).text();
  return text.split("\r\n").filter((line) => wanted.test(line)).join(" ");
};

for (let tries = 0; ; tries += 1) {
  const answer = await call("MKCALENDAR", "calendar/").catch(() => null);
  if (answer !== null) break;
  if (tries === 300) throw new Error("the server did not start");
  await wait(200);
}
const client = await CalDAVClient.create({ baseUrl: BASE, auth: { type: "basic", username: "user", password: "user" } });

/** Stores an event of another program, and gives it a new title with the client, a number of times. */
const renamed = async (name, lines, times = 1) => {
  const event = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//check//EN", "BEGIN:VEVENT", `UID:${name}`, "DTSTAMP:20260101T000000Z"];
  await call("PUT", `calendar/${name}.ics`, [...event, ...lines, "SUMMARY:old", "END:VEVENT", "END:VCALENDAR", ""].join("\r\n"));
  for (let time = 0; time < times; time += 1) {
    const read = (await client.getEvents("/user/calendar/", { all: true })).find(({ uid }) => uid === name);
    await client.updateEvent("/user/calendar/", { ...read, summary: `new ${time}` });
  }
};

console.log("ts-caldav", JSON.parse(readFileSync("node_modules/ts-caldav/package.json", "utf8")).version);

console.log("Expected: the client reads and writes the whole rule, or refuses to write one with parts that it does not know.");
await renamed("check", ["DTSTART:20260629T100000Z", "DTEND:20260629T110000Z", "RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1"]);
await renamed("second", ["DTSTART:20260608T100000Z", "DTEND:20260608T110000Z", "RRULE:FREQ=MONTHLY;BYDAY=2MO"]);
const seen = [await stored("check", /^RRULE/), await stored("second", /^RRULE/)];
console.log("Seen: after a new title, BYDAY=MO;BYSETPOS=-1 and BYDAY=2MO:", seen);

const same = seen.join() === "RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=MO,RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=2MO";
console.log(same ? "BYSETPOS is not read, so the update stores a rule with four or five occurrences a month, without an error." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs "$port"
