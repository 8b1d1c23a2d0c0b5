#!/bin/sh
# recurring-ical-events: the occurrence of a one-hour series that starts in a clock-change gap lasts no time at all.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check recurring-ical-events==3.8.2 icalendar==7.3.2 tzdata==2026.6

cat >check.py <<'PY'
import sys
from datetime import timedelta, timezone
from importlib.metadata import version

import icalendar
import recurring_ical_events

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART;TZID=America/New_York:20260307T023000
DTEND;TZID=America/New_York:20260307T033000
RRULE:FREQ=DAILY;COUNT=3
END:VEVENT
END:VCALENDAR
"""

print("recurring-ical-events", version("recurring-ical-events"), "icalendar", version("icalendar"))
print("Expected: a daily hour in New York stays an hour on 8 March 2026, when 02:30 is skipped: RFC 5545 keeps a series' length.")

calendar = icalendar.Calendar.from_ical(CALENDAR.replace("\n", "\r\n"))
lengths = []
for event in recurring_ical_events.of(calendar).between((2026, 3, 1), (2026, 4, 1)):
    start, end = event.start.astimezone(timezone.utc), event.end.astimezone(timezone.utc)
    lengths.append(end - start)
    print("Seen:", start.isoformat(), "to", end.isoformat(), "- length", end - start, "- end minus start as given:", event.end - event.start)

hour = timedelta(hours=1)
same = lengths == [hour, timedelta(0), hour]
print("In UTC the middle occurrence is empty, while its own end minus start says an hour." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
