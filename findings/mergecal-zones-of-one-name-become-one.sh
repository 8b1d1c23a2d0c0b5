#!/bin/sh
# mergecal: of two calendars that each describe a zone of one name, the second loses its description, and its events move by hours.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check mergecal==0.5.0 icalendar==7.3.2 tzdata==2026.6 \
  x-wr-timezone==2.0.1

cat >check.py <<'PY'
import sys
from importlib.metadata import version

from icalendar import Calendar
from mergecal import merge_calendars

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VTIMEZONE
TZID:Local
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:{0}
TZOFFSETTO:{0}
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:{1}
DTSTAMP:20260101T000000Z
DTSTART;TZID=Local:20260601T120000
END:VEVENT
END:VCALENDAR
"""


def calendar(offset, uid):
    return Calendar.from_ical(CALENDAR.format(offset, uid).replace("\n", "\r\n"))


print("mergecal", version("mergecal"))
print("Expected: the second zone is kept under a name of its own, so noon at +0500 is not at +0100 afterwards.")
lines = merge_calendars([calendar("+0100", "first"), calendar("+0500", "second")]).to_ical().decode().splitlines()
offsets = [line for line in lines if line.startswith("TZOFFSETTO")]
starts = [line for line in lines if line.startswith("DTSTART;")]
print("Seen:", offsets, starts)

same = offsets == ["TZOFFSETTO:+0100"] and starts == ["DTSTART;TZID=Local:20260601T120000"] * 2
print("The second event now begins four hours later, without an error." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
