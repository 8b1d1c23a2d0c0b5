#!/bin/sh
# icalendar (Python): a calendar is read with the zone definition of an earlier one of the process that used the same TZID.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check icalendar==7.3.2 tzdata==2026.6

cat >check.py <<'PY'
import subprocess
import sys
from datetime import timezone
from importlib.metadata import version

import icalendar

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VTIMEZONE
TZID:Club
BEGIN:STANDARD
DTSTART:19700101T000000
TZNAME:STD
TZOFFSETFROM:{offset}
TZOFFSETTO:{offset}
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART;TZID=Club:20260601T140000
DURATION:PT1H
END:VEVENT
END:VCALENDAR
"""


def start(offset):
    calendar = icalendar.Calendar.from_ical(CALENDAR.format(offset=offset).replace("\n", "\r\n"))
    return calendar.events[0].start.astimezone(timezone.utc).strftime("%H:%MZ")


if len(sys.argv) > 1:
    print(*[start(offset) for offset in sys.argv[1:]])
    sys.exit()


def starts(*offsets):
    """The starts of calendars of these offsets, read one after the other in a process of their own."""
    return subprocess.run([sys.executable, __file__, *offsets], check=True, capture_output=True, text=True).stdout.split()


print("icalendar", version("icalendar"))
print("Expected: RFC 5545 (3.8.3.1): a TZID names a zone within one calendar, so 14:00 at +02:00 is 12:00Z, whatever was read before.")
alone = starts("+0200")
after = starts("-0500", "+0200")
print("Seen: read alone:", alone, "read after a calendar whose zone of that name is at -05:00:", after)

same = alone == ["12:00Z"] and after == ["19:00Z", "19:00Z"]
print("In a process that reads several calendars the second one is seven hours late; which one is right depends on the order." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
