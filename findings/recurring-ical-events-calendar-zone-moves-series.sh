#!/bin/sh
# recurring-ical-events: the line X-WR-TIMEZONE, which tells the zone to show, moves a weekly series in UTC by a day and adds an occurrence.
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

from icalendar import Calendar
from recurring_ical_events import of

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
%sBEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART:20260602T010000Z
DTEND:20260602T020000Z
RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=3
END:VEVENT
END:VCALENDAR
"""


def starts(line):
    calendar = Calendar.from_ical((CALENDAR % line).replace("\n", "\r\n"))
    found = of(calendar).between((2026, 6, 1), (2026, 7, 1))
    return sorted(event.start.astimezone(timezone.utc).strftime("%d %H:%MZ") for event in found)


print("recurring-ical-events", version("recurring-ical-events"), "x-wr-timezone", version("x-wr-timezone"))
print("Expected: three lessons, on Tuesdays at 01:00Z, in whichever zone the calendar is to be shown.")
without = starts("")
shown = starts("X-WR-TIMEZONE:America/New_York\n")
print("Seen: without the line:", without, "with it:", shown)

same = without == ["02 01:00Z", "09 01:00Z", "16 01:00Z"] and shown == ["02 01:00Z", "03 01:00Z", "10 01:00Z", "17 01:00Z"]
print("The start becomes 21:00 on a Monday in New York, while the rule still says Tuesday." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
