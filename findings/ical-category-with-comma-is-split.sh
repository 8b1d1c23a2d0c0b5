#!/bin/sh
# ical (Python): a category whose name has a comma is read as two categories, also from the calendar that the library wrote itself.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ical==14.3.1 tzdata==2026.6

cat >check.py <<'PY'
import sys
from datetime import date
from importlib.metadata import version

from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

print("ical", version("ical"))
print("Expected: RFC 5545 (3.3.11): the comma in a name is escaped and one between names is not, so what the library wrote it reads again.")
calendar = Calendar()
calendar.events.append(Event(uid="check", summary="golf, bay 3", start=date(2026, 6, 1), categories=["lesson, junior", "bay"]))
written = IcsCalendarStream.calendar_to_ics(calendar)
lines = [line for line in written.splitlines() if line.startswith("CATEGORIES")]
read = IcsCalendarStream.calendar_from_ics(written).events[0]
print("Seen: written:", lines, "read:", read.categories, repr(read.summary))

same = (
    lines == ["CATEGORIES:lesson\\, junior", "CATEGORIES:bay"]
    and read.categories == ["lesson\\", " junior", "bay"]
    and read.summary == "golf, bay 3"
)
print("A list is split at every comma before its escapes are read, and the backslash becomes part of a name." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
