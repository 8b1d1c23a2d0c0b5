#!/bin/sh
# python-dateutil: an EXDATE in UTC does not exclude an occurrence in the hour that a clock change repeats.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-dateutil==4.0.0 tzdata==2026.6

cat >check.py <<'PY'
import sys
from datetime import timezone
from importlib.metadata import version

from dateutil.rrule import rrulestr


def starts(exdate):
    """The starts, in UTC, of three nights at 01:30 in New York; that of 1 November 2026 comes twice."""
    series = rrulestr(f"DTSTART;TZID=America/New_York:20261031T013000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:{exdate}")
    return [start.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ") for start in series]


print("python-dateutil", version("python-dateutil"))
print("Expected: an EXDATE that is a start of the series, as listed by the series itself, removes this start.")
listed = starts("20260101T000000Z")
left = {exdate: len(starts(exdate)) for exdate in listed}
print("Seen: starts left after the EXDATE of each:", left)

same = left == {"20261031T053000Z": 2, "20261101T053000Z": 3, "20261102T063000Z": 2}
print("A time in a repeated hour is equal to no time of another zone in Python (PEP 495), so the canceled night stays." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
