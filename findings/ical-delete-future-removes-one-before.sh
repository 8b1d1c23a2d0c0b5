#!/bin/sh
# ical (Python): in a process that runs in UTC, deleting an occurrence in New York and all after it also removes the one before.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ical==14.3.1 tzdata==2026.6

cat >check.py <<'PY'
import os
import sys
import time
from importlib.metadata import version
from zoneinfo import ZoneInfo

from ical.calendar_stream import IcsCalendarStream
from ical.store import EventStore
from ical.types import Range

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART;TZID=America/New_York:20260601T100000
DURATION:PT1H
RRULE:FREQ=DAILY;COUNT=5
END:VEVENT
END:VCALENDAR
"""


def days_left(process_zone):
    """Deletes the third occurrence and all after it, by the id that the timeline gives."""
    os.environ["TZ"] = process_zone
    time.tzset()
    calendar = IcsCalendarStream.calendar_from_ics(CALENDAR)
    timeline = list(calendar.timeline_tz(ZoneInfo("America/New_York")))
    EventStore(calendar).delete("check", recurrence_id=timeline[2].recurrence_id, recurrence_range=Range.THIS_AND_FUTURE)
    return [event.dtstart.day for event in calendar.timeline_tz(ZoneInfo("America/New_York"))], calendar.events[0].rrule.until.isoformat()


print("ical", version("ical"))
print("Expected: without 3 June and all after it, the lessons of 1 and 2 June in New York are left, wherever the process runs.")
new_york = days_left("America/New_York")
utc = days_left("UTC")
print("Seen: days left and UNTIL, process in New York:", new_york, "process in UTC:", utc)

same = new_york == ([1, 2], "2026-06-02T14:00:00+00:00") and utc == ([1], "2026-06-02T10:00:00+00:00")
print("The wall time 10:00 is treated as one of the zone of the process: UNTIL is four hours too early, and 2 June is gone too." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
