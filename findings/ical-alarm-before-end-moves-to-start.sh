#!/bin/sh
# ical (Python): it drops the parameters of TRIGGER, so an alarm before the end is written as one before the start.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ical==14.3.1 icalendar==7.3.2 tzdata==2026.6

cat >check.py <<'PY'
import sys
from importlib.metadata import version

import icalendar
from ical.calendar_stream import IcsCalendarStream

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART:20260601T100000Z
DTEND:20260601T180000Z
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:pick up
TRIGGER;RELATED=END:-PT15M
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def alarm(text):
    event = icalendar.Calendar.from_ical(text.replace("\r\n", "\n").replace("\n", "\r\n")).events[0]
    return [time.trigger.strftime("%H:%M") for time in event.alarms.times]


print("ical", version("ical"), "icalendar", version("icalendar"))
print("Expected: RFC 5545 (3.8.6.3): RELATED=END counts from the end, so the alarm is at 17:45Z, before and after a copy.")
copy = IcsCalendarStream.calendar_to_ics(IcsCalendarStream.calendar_from_ics(CALENDAR))
line = next(line.strip() for line in copy.split("\n") if line.startswith("TRIGGER"))
print("Seen: alarm of the original:", alarm(CALENDAR), "of the copy:", alarm(copy), "written as", line)

same = alarm(CALENDAR) == ["17:45"] and alarm(copy) == ["09:45"] and line == "TRIGGER:-PT15M"
print("A calendar that was only read and written rings eight hours early." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
