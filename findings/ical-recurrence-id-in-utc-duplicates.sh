#!/bin/sh
# ical (Python): a changed occurrence whose RECURRENCE-ID names the same instant in UTC appears beside the one it replaces.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ical==14.3.1 tzdata==2026.6

cat >check.py <<'PY'
import sys
from importlib.metadata import version

from ical.calendar_stream import IcsCalendarStream

CALENDAR = """BEGIN:VCALENDAR
PRODID:-//check//EN
VERSION:2.0
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART;TZID=America/New_York:20260601T100000
DTEND;TZID=America/New_York:20260601T110000
RRULE:FREQ=DAILY;COUNT=3
SUMMARY:series
END:VEVENT
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
RECURRENCE-ID{id}
DTSTART;TZID=America/New_York:20260602T150000
DTEND;TZID=America/New_York:20260602T160000
SUMMARY:moved
END:VEVENT
END:VCALENDAR
"""


def days(recurrence_id):
    calendar = IcsCalendarStream.calendar_from_ics(CALENDAR.replace("{id}", recurrence_id))
    return [(event.dtstart.strftime("%d %H:%M"), event.summary) for event in calendar.timeline]


print("ical", version("ical"))
print("Expected: 10:00 in New York and 14:00Z are one instant, so either RECURRENCE-ID replaces the occurrence of 2 June.")
local = days(";TZID=America/New_York:20260602T100000")
utc = days(":20260602T140000Z")
print("Seen: local id:", local)
print("Seen: UTC id:", utc)

replaced = [("01 10:00", "series"), ("02 15:00", "moved"), ("03 10:00", "series")]
same = local == replaced and utc == sorted(replaced + [("02 10:00", "series")])
print("With the UTC id the timeline has both the old and the moved occurrence." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
