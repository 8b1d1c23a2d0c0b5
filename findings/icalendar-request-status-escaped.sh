#!/bin/sh
# icalendar (Python): a REQUEST-STATUS that was read is written with escaped semicolons, so its parts become one text.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check icalendar==7.3.2

cat >check.py <<'PY'
import sys
from importlib.metadata import version

import icalendar

REPLY = """BEGIN:VCALENDAR
PRODID:-//check//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART:20260601T100000Z
GEO:33.45;-112.07
REQUEST-STATUS:2.0;Success
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def line(text, name):
    return next(line for line in text.splitlines() if line.startswith(name))


print("icalendar", version("icalendar"))
print("Expected: RFC 5545 (3.8.8.3): the semicolons of REQUEST-STATUS separate its parts, as those of GEO do, and stay as they are.")
written = icalendar.Calendar.from_ical(REPLY).to_ical().decode()
status, geo = line(written, "REQUEST-STATUS"), line(written, "GEO")
read = icalendar.Calendar.from_ical(REPLY).events[0]
print("Seen: written:", status, geo, "read:", repr(read["REQUEST-STATUS"]), repr(read["GEO"].to_ical()))

same = status == r"REQUEST-STATUS:2.0\;Success" and geo == "GEO:33.45;-112.07"
print("Code and description of the status are written as one text, so a strict reader finds no description." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
