#!/bin/sh
# vobject: it names a zone by its abbreviation, so the second of two zones with one abbreviation is written with the rules of the first.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check vobject==0.9.9 icalendar==7.3.2 tzdata==2026.6

cat >check.py <<'PY'
import sys
from datetime import datetime, timezone
from importlib.metadata import version
from zoneinfo import ZoneInfo

import icalendar
import vobject


def written(zone):
    calendar = vobject.iCalendar()
    event = calendar.add("vevent")
    event.add("uid").value = "check"
    event.add("dtstart").value = datetime(2026, 6, 1, 10, tzinfo=ZoneInfo(zone))
    text = calendar.serialize()
    # Read by another library: what a recipient makes of it.
    start = icalendar.Calendar.from_ical(text).walk("VEVENT")[0].start.astimezone(timezone.utc)
    return next(line for line in text.splitlines() if line.startswith("DTSTART;")), start.strftime("%H:%MZ")


zones = sys.argv[1:]
print("vobject", version("vobject"))
print("Expected: 10:00 on 1 June 2026 is 15:00Z in Chicago and 02:00Z in Shanghai, whatever else the process has written.")
seen = {zone: written(zone) for zone in zones}
print("Seen:", seen)

line = "DTSTART;TZID=CST:20260601T100000"
first = "15:00Z" if zones[0] == "America/Chicago" else "02:00Z"
same = all(value == (line, first) for value in seen.values())
print("Both are TZID=CST, and the zone that was written first defines it." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py America/Chicago Asia/Shanghai
venv/bin/python check.py Asia/Shanghai America/Chicago
