#!/bin/sh
# ical (Python): deleting an occurrence and all after it keeps a later one that was changed before: it stays without its series.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ical==14.3.1 tzdata==2026.6

cat >check.py <<'PY'
import sys
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
DTSTART;VALUE=DATE:20260601
RRULE:FREQ=DAILY;COUNT=5
SUMMARY:golf
END:VEVENT
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
RECURRENCE-ID;VALUE=DATE:20260604
DTSTART;VALUE=DATE:20260604
SUMMARY:golf with a guest
END:VEVENT
END:VCALENDAR
"""


def left(recurrence_id=None, **arguments):
    """The days that are left in the calendar after a deletion."""
    calendar = IcsCalendarStream.calendar_from_ics(CALENDAR)
    EventStore(calendar).delete("check", recurrence_id=recurrence_id, **arguments)
    return [f"{event.dtstart.day} {event.summary}" for event in calendar.timeline_tz(ZoneInfo("UTC"))]


print("ical", version("ical"))
print("Expected: the documentation offers to delete a range of instances, so from 3 June on only 1 and 2 June are left; 4 June is in the range.")
future = left("20260603", recurrence_range=Range.THIS_AND_FUTURE)
series = left()
print("Seen: left after the deletion from 3 June on:", future, "after that of the whole series:", series)

same = future == ["1 golf", "2 golf", "4 golf with a guest"] and series == []
print("The changed occurrence of 4 June stays, though its series now ends on 2 June." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
