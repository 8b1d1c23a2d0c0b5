#!/bin/sh
# icalendar (Python) with ics, vobject and ical: a time with an offset, as the Google API sends it, is written in a zone that it does not read itself.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check icalendar==7.3.2 ics==0.7.3 vobject==0.9.9 ical==14.3.1 tzdata==2026.6

cat >check.py <<'PY'
import sys
from datetime import datetime
from importlib.metadata import version

import icalendar
import ics
import vobject
from ical.calendar_stream import IcsCalendarStream
from ical.exceptions import CalendarParseError

READERS = {
    "icalendar": lambda text: icalendar.Calendar.from_ical(text).events[0].start,
    "ics": lambda text: next(iter(ics.Calendar(text).events)).begin.datetime,
    "vobject": lambda text: vobject.readOne(text).vevent.dtstart.value,
    "ical": lambda text: IcsCalendarStream.calendar_from_ics(text).events[0].dtstart,
}


def start(read, text):
    try:
        return f"{read(text):%H:%M%z}"
    except CalendarParseError:
        return "refused"


print(*(f"{name} {version(name)}" for name in READERS))
print("Expected: a time with an offset and no zone is written as the same instant in UTC, 14:00Z, which each reader understands.")
event = icalendar.Event()
event.add("uid", "check")
event.add("dtstamp", datetime.fromisoformat("2026-01-01T00:00:00+00:00"))
event.add("dtstart", datetime.fromisoformat("2026-06-01T10:00:00-04:00"))
calendar = icalendar.Calendar()
calendar.add("version", "2.0")
calendar.add("prodid", "-//check//EN")
calendar.add_component(event)
calendar.add_missing_timezones()
written = calendar.to_ical().decode()
line = next(line for line in written.splitlines() if line.startswith("DTSTART"))
seen = {name: start(read, written) for name, read in READERS.items()}
print("Seen:", line, "zone defined:", "VTIMEZONE" in written, "read:", seen)

same = (
    line == 'DTSTART;TZID="UTC-04:00":20260601T100000'
    and "VTIMEZONE" not in written
    and seen == {"icalendar": "10:00", "ics": "10:00-0400", "vobject": "10:00", "ical": "refused"}
)
print("The library loses the offset of its own event, and add_missing_timezones() does not define the zone." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
