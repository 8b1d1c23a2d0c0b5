#!/bin/sh
# recurring-ical-events with x-wr-timezone: in a calendar with the header X-WR-TIMEZONE, a change of "this and future" holds once.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check recurring-ical-events==3.8.2 x-wr-timezone==2.0.1 icalendar==7.3.2 tzdata==2026.6

cat >check.py <<'PY'
import sys
from datetime import timezone
from importlib.metadata import version

import icalendar
import recurring_ical_events
import x_wr_timezone

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
{header}BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART:20260601T140000Z
DURATION:PT1H
RRULE:FREQ=DAILY;COUNT=4
END:VEVENT
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
RECURRENCE-ID;RANGE=THISANDFUTURE:20260602T140000Z
DTSTART:20260602T180000Z
DURATION:PT1H
END:VEVENT
END:VCALENDAR
"""


def parse(header):
    return icalendar.Calendar.from_ical(CALENDAR.format(header=header).replace("\n", "\r\n"))


def starts(header):
    found = recurring_ical_events.of(parse(header)).between((2026, 6, 1), (2026, 7, 1))
    return sorted(event.start.astimezone(timezone.utc).strftime("%d %H:%MZ") for event in found)


print("recurring-ical-events", version("recurring-ical-events"), "x-wr-timezone", version("x-wr-timezone"))
print("Expected: RFC 5545 (3.2.13): the series is at 18:00Z from 2 June on; a header that names New York's zone changes no instant.")
plain = starts("")
headed = starts("X-WR-TIMEZONE:America/New_York\n")
converted = x_wr_timezone.to_standard(parse("X-WR-TIMEZONE:America/New_York\n")).to_ical().decode()
line = next(line for line in converted.split("\r\n") if line.startswith("RECURRENCE-ID"))
print("Seen: without the header:", plain, "with it:", headed, "converted by x-wr-timezone:", line)

same = (
    plain == ["01 14:00Z", "02 18:00Z", "03 18:00Z", "04 18:00Z"]
    and headed == ["01 14:00Z", "02 18:00Z", "03 14:00Z", "04 14:00Z"]
    and line == "RECURRENCE-ID;TZID=America/New_York:20260602T100000"
)
print("The conversion that of() makes loses RANGE, so 3 and 4 June are back at the old time." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
