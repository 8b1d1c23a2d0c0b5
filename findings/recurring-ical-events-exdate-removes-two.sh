#!/bin/sh
# recurring-ical-events: an EXDATE also removes the occurrence whose wall time equals the excluded instant's time in UTC.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check recurring-ical-events==3.8.2 icalendar==7.3.2 tzdata==2026.6

cat >check.py <<'PY'
import sys
from importlib.metadata import version

import icalendar
import recurring_ical_events

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART;TZID=America/New_York:20260601T100000
DURATION:PT1H
RRULE:FREQ=DAILY;BYHOUR={hours};COUNT=4
EXDATE;TZID=America/New_York:20260602T100000
END:VEVENT
END:VCALENDAR
"""


def starts(hours):
    calendar = icalendar.Calendar.from_ical(CALENDAR.replace("{hours}", hours).replace("\n", "\r\n"))
    return [event.start.strftime("%d %H:%M") for event in recurring_ical_events.of(calendar).between((2026, 6, 1), (2026, 7, 1))]


print("recurring-ical-events", version("recurring-ical-events"), "icalendar", version("icalendar"))
print("Expected: of two lessons a day in New York, EXDATE of 2 June 10:00 removes that one and leaves the other one of the day.")
fifteen = starts("10,15")
fourteen = starts("10,14")
print("Seen: lessons at 10:00 and 15:00:", fifteen, "at 10:00 and 14:00:", fourteen)

same = fifteen == ["01 10:00", "01 15:00", "02 15:00"] and fourteen == ["01 10:00", "01 14:00"]
print("10:00 in New York is 14:00Z in June, and so the lesson of 14:00 is removed too." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
