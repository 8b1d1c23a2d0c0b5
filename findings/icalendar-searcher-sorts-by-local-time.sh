#!/bin/sh
# icalendar-searcher: events of several zones are sorted by the time on their own clocks, so the last to begin can come first.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check icalendar-searcher==1.3.0 icalendar==7.3.2 recurring-ical-events==3.8.2 tzdata==2026.6

cat >check.py <<'PY'
import sys
from importlib.metadata import version

from icalendar import Calendar
from icalendar_searcher import Searcher

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:%s
DTSTAMP:20260101T000000Z
DTSTART%s
END:VEVENT
END:VCALENDAR
"""


def order(starts):
    searcher = Searcher()
    searcher.add_sort_key("DTSTART")
    calendars = [Calendar.from_ical((CALENDAR % item).replace("\n", "\r\n")) for item in starts.items()]
    return [str(calendar.events[0]["UID"]) for calendar in searcher.sort(calendars)]


print("icalendar-searcher", version("icalendar-searcher"))
print("Expected: a sort by start gives Tokyo (03:00Z), Berlin (09:00Z), New York (14:00Z), however the starts are written.")
zones = order(
    {
        "New York": ";TZID=America/New_York:20260601T100000",
        "Berlin": ";TZID=Europe/Berlin:20260601T110000",
        "Tokyo": ";TZID=Asia/Tokyo:20260601T120000",
    }
)
utc = order({"New York": ":20260601T140000Z", "Berlin": ":20260601T090000Z", "Tokyo": ":20260601T030000Z"})
print("Seen: with zones:", zones, "in UTC:", utc)

same = zones == ["New York", "Berlin", "Tokyo"] and utc == ["Tokyo", "Berlin", "New York"]
print("The same three instants come in opposite orders, by how they are written." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
