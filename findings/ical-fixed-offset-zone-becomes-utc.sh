#!/bin/sh
# ical (Python): a time in a zone of the calendar's own that has one offset all year is read as UTC, and written back as UTC.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ical==14.3.1 tzdata==2026.6

cat >check.py <<'PY'
import sys
from datetime import timezone
from importlib.metadata import version

from ical.calendar_stream import IcsCalendarStream

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VTIMEZONE
TZID:Club
BEGIN:STANDARD
DTSTART:{start}
{rule}TZNAME:STD
TZOFFSETFROM:+0530
TZOFFSETTO:+0530
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART;TZID=Club:20260601T200000
DTEND;TZID=Club:20260601T210000
END:VEVENT
END:VCALENDAR
"""


def read(start, rule=""):
    calendar = IcsCalendarStream.calendar_from_ics(CALENDAR.format(start=start, rule=rule))
    written = IcsCalendarStream.calendar_to_ics(calendar).replace("\r", "").split("\n")
    line = next(line for line in written if line.startswith("DTSTART") and "2026" in line)
    return calendar.events[0].dtstart.astimezone(timezone.utc).strftime("%H:%MZ"), line


print("ical", version("ical"))
print("Expected: RFC 5545 (3.6.5): the one STANDARD part holds from its DTSTART on, so 20:00 at +05:30 is 14:30Z.")
once = read("19700101T000000")
yearly = read("20200101T000000", "RRULE:FREQ=YEARLY\n")
print("Seen: STANDARD from 1970:", once, "the same with RRULE:FREQ=YEARLY:", yearly)

same = once == ("20:00Z", "DTSTART:20260601T200000Z") and yearly == ("14:30Z", "DTSTART;TZID=Club:20260601T200000")
print("Without an RRULE the offset is taken as zero: the event is five and a half hours late, for each later reader too." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
