#!/bin/sh
# ts-caldav with ts-ics and ical.js: an updated event has a UTC time beside the name of its zone, and each reader takes another one.
set -eu
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check Radicale==3.9.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ts-caldav@0.3.7 ts-ics@2.4.6 ical.js@2.2.1

port=$(venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
TZ=UTC venv/bin/python -m radicale --server-hosts "127.0.0.1:$port" --auth-type none --storage-filesystem-folder "$dir/data" >server.log 2>&1 &
server=$!

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import ICAL from "ical.js";
import { convertIcsCalendar } from "ts-ics";
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

const NAMES = ["ts-caldav", "ts-ics", "ical.js"];
console.log(...NAMES.map((name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version}`));

console.log("Expected: RFC 5545 (3.2.19): TZID is not applied to a UTC time, so 10:00 in New York is written as that or as 14:00Z.");
await renamed("check", ["DTSTART;TZID=America/New_York:20260601T100000", "DTEND;TZID=America/New_York:20260601T110000"]);
const line = await stored("check", /^DTSTART/);
const text = await (await call("GET", "calendar/check.ics")).text();
const first = convertIcsCalendar(undefined, text).events[0].start.date.toISOString();
const second = new ICAL.Event(new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent("vevent")).startDate.toJSDate().toISOString();
console.log("Seen: after a new title:", line, "read by ts-ics:", first, "by ical.js:", second);

const same =
  line === "DTSTART;TZID=America/New_York:20260601T140000Z" && first === "2026-06-01T18:00:00.000Z" && second === "2026-06-01T14:00:00.000Z";
console.log(same ? "For a reader that goes by the zone the event starts four hours late." : "CHANGED");
process.exit(same ? 0 : 1);
JS
TZ=UTC node check.mjs "$port"
