#!/bin/sh
# arrow: over a clock change shift(hours=1) and shift(hours=2) give the same instant, and range() by days stays an hour late after it.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check arrow==1.4.0 tzdata==2026.6

cat >check.py <<'PY'
import sys
from importlib.metadata import version

import arrow

ZONE = "America/New_York"


def utc(moments):
    return [moment.to("UTC").format("DD HH:mm") for moment in moments]


print("arrow", version("arrow"))
print("Expected: shift(hours=n) is n hours later; the clock change of 8 March 2026 at 07:00Z moves no later lesson of a daily range().")
start = arrow.get("2026-03-08T06:30:00Z").to(ZONE)
hours = utc(start.shift(hours=hours) for hours in range(4))
days = utc(arrow.Arrow.range("day", arrow.get("2026-03-06T02:30", tzinfo=ZONE), limit=5))
later = utc(arrow.Arrow.range("day", arrow.get("2026-03-09T02:30", tzinfo=ZONE), limit=2))
print("Seen: 06:30Z and 1, 2, 3 hours later:", hours, "daily at 02:30 from 6 March:", days, "from 9 March:", later)

same = (
    hours == ["08 06:30", "08 07:30", "08 07:30", "08 08:30"]
    and days == ["06 07:30", "07 07:30", "08 07:30", "09 07:30", "10 07:30"]
    and later == ["09 06:30", "10 06:30"]
)
print("Two hours later is one hour later, and the lessons after the change are at 03:30 for as long as the range lasts." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
