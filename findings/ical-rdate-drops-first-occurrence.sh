#!/bin/sh
# ical (Python): an event with RDATE and no RRULE does not take place at its own DTSTART.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ical==14.3.1 recurring-ical-events==3.8.2 icalendar==7.3.2 tzdata==2026.6

cat >check.py <<'PY'
import sys
from importlib.metadata import version
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from ical.calendar_stream import IcsCalendarStream

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART:20260601T100000Z
DURATION:PT1H
RDATE:20260605T100000Z,20260609T100000Z
{rule}END:VEVENT
END:VCALENDAR
"""


def days(rule=""):
    calendar = IcsCalendarStream.calendar_from_ics(CALENDAR.format(rule=rule))
    return [event.dtstart.day for event in calendar.timeline_tz(ZoneInfo("UTC"))]


print("ical", version("ical"))
print("Expected: RFC 5545 (3.8.5.2): DTSTART defines the first instance of the recurrence set, so 1, 5 and 9 June.")
alone = days()
with_rule = days("RRULE:FREQ=DAILY;COUNT=1\n")
parsed = icalendar.Calendar.from_ical(CALENDAR.format(rule="").replace("\n", "\r\n"))
other = [event.start.day for event in recurring_ical_events.of(parsed).between((2026, 6, 1), (2026, 7, 1))]
print("Seen: RDATE alone:", alone, "with an RRULE of one occurrence:", with_rule, "by recurring-ical-events, RDATE alone:", other)

same = alone == [5, 9] and with_rule == [1, 5, 9] and sorted(other) == [1, 5, 9]
print("The lesson of 1 June is missing as soon as two further dates are added to it." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
