#!/bin/sh
# icalevents: an occurrence that was moved out of the range asked for is still listed, at the time it was moved away from.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check icalevents==0.3.1 icalendar==7.3.2 tzdata==2026.6

cat >check.py <<'PY'
import sys
from datetime import datetime, timezone
from importlib.metadata import version

from icalevents.icalevents import events

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART:20260601T140000Z
DTEND:20260601T150000Z
RRULE:FREQ=DAILY;COUNT=3
END:VEVENT
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
RECURRENCE-ID:20260602T140000Z
DTSTART:20260702T160000Z
DTEND:20260702T170000Z
END:VEVENT
END:VCALENDAR
"""


def starts(first, last):
    start, end = (datetime(2026, month, day, tzinfo=timezone.utc) for month, day in (first, last))
    found = events(string_content=CALENDAR.replace("\n", "\r\n").encode(), start=start, end=end)
    return sorted(event.start.strftime("%m-%d %H:%M") for event in found)


print("icalevents", version("icalevents"))
print("Expected: RFC 5545 (3.8.4.4): the second of three lessons was moved from 2 June to 2 July, so June has two and July has one.")
june = starts((6, 1), (7, 1))
july = starts((7, 1), (8, 1))
both = starts((6, 1), (8, 1))
print("Seen: June:", june, "July:", july, "June and July in one call:", both)

same = (
    june == ["06-01 14:00", "06-02 14:00", "06-03 14:00"]
    and july == ["07-02 16:00"]
    and both == ["06-01 14:00", "06-03 14:00", "07-02 16:00"]
)
print("Read month by month, the moved lesson is there twice; read in one call, once." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
