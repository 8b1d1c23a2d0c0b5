#!/bin/sh
# ts-ics with ical.js: an alarm at a fixed time is written without its value type, so another reader takes the time for a duration.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ts-ics@2.4.6 ical.js@2.2.1

cat >check.mjs <<'JS'
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import { convertIcsCalendar, generateIcsCalendar } from "ts-ics";

const CALENDAR = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
SUMMARY:golf
DTSTART:20260601T100000Z
DTEND:20260601T110000Z
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:golf
{trigger}
END:VALARM
END:VEVENT
END:VCALENDAR
`;

const written = (trigger) => generateIcsCalendar(convertIcsCalendar(undefined, CALENDAR.replace("{trigger}", trigger).replaceAll("\n", "\r\n")));

/** The alarm as ical.js reads it from what ts-ics wrote. */
const read = (text) => {
  try {
    const alarm = new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent("vevent").getFirstSubcomponent("valarm");
    return `read as ${alarm.getFirstPropertyValue("trigger")}`;
  } catch (error) {
    return error.message;
  }
};

const versionOf = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log("ts-ics", versionOf("ts-ics"), "ical.js", versionOf("ical.js"));
console.log("Expected: RFC 5545 (3.8.6.3): a trigger is a duration unless VALUE=DATE-TIME says that it is a time, so that parameter is written.");
const seen = ["TRIGGER;RELATED=END:-PT5M", "TRIGGER;VALUE=DATE-TIME:20260601T080000Z"].map((trigger) => {
  const text = written(trigger);
  return `${text.split("\r\n").find((line) => line.startsWith("TRIGGER"))} ${read(text)}`;
});
console.log("Seen: written by ts-ics and read by ical.js:", seen);

const same =
  seen[0] === "TRIGGER;RELATED=END:-PT5M read as -PT5M" &&
  seen[1] === 'TRIGGER:20260601T080000Z invalid duration value: Not enough duration components in "080000Z"';
console.log(same ? "ts-ics writes the default VALUE=DATE-TIME on every DTSTART, and leaves it out where it is needed." : "CHANGED");
process.exit(same ? 0 : 1);
JS
node check.mjs
