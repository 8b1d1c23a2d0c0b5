#!/bin/sh
# icalendar (Python): a list of EXDATE in two zones is written in the zone of the last one, and an aware UNTIL without any zone.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check icalendar==7.3.2 tzdata==2026.6

cat >check.py <<'PY'
import sys
from datetime import datetime, timezone
from importlib.metadata import version
from zoneinfo import ZoneInfo

import icalendar

NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")


def written(name, value):
    event = icalendar.Event()
    event.add(name, value)
    return event.to_ical().decode().split("\r\n")[1]


print("icalendar", version("icalendar"))
print("Expected: each instant is kept: 10:00 in New York is 14:00Z, and RFC 5545 (3.3.10) has UNTIL in UTC for a series in a zone.")
seen = [
    written("exdate", [datetime(2026, 6, 1, 10, tzinfo=NEW_YORK), datetime(2026, 6, 2, 10, tzinfo=BERLIN)]),
    written("exdate", [datetime(2026, 6, 1, 10, tzinfo=NEW_YORK), datetime(2026, 6, 2, 14, tzinfo=timezone.utc)]),
    written("rrule", {"freq": "daily", "until": datetime(2026, 6, 5, 10, tzinfo=NEW_YORK)}),
]
print("Seen:", seen)

same = seen == [
    "EXDATE;TZID=Europe/Berlin:20260601T100000,20260602T100000",
    "EXDATE;TZID=America/New_York:20260601T100000,20260602T140000Z",
    "RRULE:FREQ=DAILY;UNTIL=20260605T100000",
]
print("The lesson of 1 June in New York is not canceled, since the line says 10:00 in Berlin." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
