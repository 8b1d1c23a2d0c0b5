#!/bin/sh
# icalendar, ical and vobject: a duration of 24 hours is written as one day, which over a clock change is an hour longer or shorter.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check icalendar==7.3.2 ical==14.3.1 vobject==0.9.9 tzdata==2026.6

cat >check.py <<'PY'
import sys
from importlib.metadata import version

import icalendar
import vobject
from ical.calendar_stream import IcsCalendarStream

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART;TZID=America/New_York:20260307T120000
DURATION:{duration}
END:VEVENT
END:VCALENDAR
"""
WRITERS = {
    "icalendar": lambda text: icalendar.Calendar.from_ical(text).to_ical().decode(),
    "ical": lambda text: IcsCalendarStream.calendar_to_ics(IcsCalendarStream.calendar_from_ics(text)),
    "vobject": lambda text: vobject.readOne(text).serialize(),
}


def written(write, duration):
    text = write(EVENT.format(duration=duration).replace("\n", "\r\n"))
    return next(line for line in text.splitlines() if line.startswith("DURATION"))


print(*(f"{name} {version(name)}" for name in WRITERS))
print("Expected: RFC 5545 (3.3.6, 3.8.2.5): P1D is a day of the calendar and PT24H an exact time, so neither is written for the other.")
seen = {name: [written(write, duration) for duration in ("PT23H", "PT24H", "P1D", "PT48H")] for name, write in WRITERS.items()}
print("Seen: PT23H, PT24H, P1D and PT48H, read and written:", seen)

same = all(lines == ["DURATION:PT23H", "DURATION:P1D", "DURATION:P1D", "DURATION:P2D"] for lines in seen.values())
print("From noon of 7 March in New York PT24H ends at 13:00 of 8 March, but P1D, which is now in the file, at noon." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
