#!/bin/sh
# gcsa: in UNTIL and EXDATE an aware datetime keeps its wall time and loses its zone, so a series ends early and an exclusion misses.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check gcsa==2.7.0 python-dateutil==2.9.0.post0 tzdata==2026.6

cat >check.py <<'PY'
import sys
from datetime import datetime
from importlib.metadata import version

from dateutil import tz
from dateutil.rrule import rrulestr
from gcsa.recurrence import DAILY, Recurrence

ZONE = tz.gettz("America/New_York")


def days(*recurrence):
    start = datetime(2026, 6, 1, 10, tzinfo=ZONE)
    return [occurrence.day for occurrence in rrulestr("\n".join(recurrence), dtstart=start, tzids=tz.gettz)]


print("gcsa", version("gcsa"))
print("Expected: a daily lesson at 10:00 in New York, until 4 June 10:00 there and without 2 June 10:00 there, is on 1, 3 and 4 June.")
rule = Recurrence.rule(freq=DAILY, until=datetime(2026, 6, 4, 10, tzinfo=ZONE))
excluded = Recurrence.exclude_times([datetime(2026, 6, 2, 10, tzinfo=ZONE)], "Etc/UTC")
print("Seen:", rule, excluded, "-> days", days(rule, excluded))

same = (
    "UNTIL=20260604T100000Z" in rule
    and excluded == "EXDATE;TZID=Etc/UTC:20260602T100000"
    and days(rule, excluded) == [1, 2, 3]
)
print("Both say 10:00 in UTC, which is 06:00 in New York: the last lesson is lost and the excluded one stays." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
