#!/bin/sh
# pendulum: adding timedelta(days=1) over a clock change moves the time of day; a datetime of the same zone keeps it.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pendulum==3.3.0 tzdata==2026.6

cat >check.py <<'PY'
import sys
from datetime import datetime, timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo

import pendulum

print("pendulum", version("pendulum"))
print("Expected: pendulum's DateTime is a datetime and adds a timedelta as one, so only the spelling in hours is 24 hours later.")
standard = datetime(2026, 3, 7, 12, tzinfo=ZoneInfo("America/New_York"))
noon = pendulum.instance(standard)
seen = {
    "datetime + timedelta(days=1)": standard + timedelta(days=1),
    "DateTime + timedelta(days=1)": noon + timedelta(days=1),
    "DateTime + duration(days=1)": noon + pendulum.duration(days=1),
    "DateTime + duration(hours=24)": noon + pendulum.duration(hours=24),
    "DateTime.add(days=1)": noon.add(days=1),
}
seen = {name: f"{value:%H:%M%z}" for name, value in seen.items()}
print("Seen: from noon of 7 March 2026 in New York:", seen)

same = list(seen.values()) == ["12:00-0400", "13:00-0400", "12:00-0400", "13:00-0400", "12:00-0400"]
print("Code that gets a DateTime instead of a datetime, and adds a plain timedelta, books the lesson an hour late." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
