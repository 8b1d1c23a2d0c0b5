#!/bin/sh
# gcal_sync: each expanded occurrence of a series carries the series' first start as its original start time.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check gcal_sync==8.0.0 ical==14.3.1 tzdata==2026.6

cat >check.py <<'PY'
import sys
from importlib.metadata import version

from gcal_sync.model import Event
from gcal_sync.timeline import calendar_timeline

ZONE = "America/New_York"
SERIES = {
    "id": "series",
    "iCalUID": "series@example.com",
    "summary": "golf",
    "status": "confirmed",
    "start": {"dateTime": "2026-06-01T10:00:00-04:00", "timeZone": ZONE},
    "end": {"dateTime": "2026-06-01T11:00:00-04:00", "timeZone": ZONE},
    "recurrence": ["RRULE:FREQ=DAILY;COUNT=3"],
}

print("gcal_sync", version("gcal_sync"))
print("Expected: as in Google's API, originalStartTime of an occurrence is the start that the rule gives to that occurrence.")
pairs = []
for event in calendar_timeline([Event.model_validate(SERIES)]):
    pairs.append((event.start.value.day, event.original_start_time.value.day))
    print("Seen:", event.id, "start", event.start.value, "original start", event.original_start_time.value)

same = pairs == [(1, 1), (2, 1), (3, 1)]
print("The original start is 1 June for all three: it cannot identify the occurrence, only the id can." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
