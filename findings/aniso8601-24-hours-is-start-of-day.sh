#!/bin/sh
# aniso8601: 24:00, the end of a day, is read as the start of the same day, so an event to midnight ends before it begins.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check aniso8601==10.0.1

cat >check.py <<'PY'
import sys
from importlib.metadata import version

import aniso8601

print("aniso8601", version("aniso8601"))
print("Expected: ISO 8601: 24:00 of 1 June is 00:00 of 2 June, or an error where it is not supported.")
moment = aniso8601.parse_datetime("2026-06-01T24:00:00Z").isoformat()
start, end = aniso8601.parse_interval("2026-06-01T22:00:00Z/2026-06-01T24:00:00Z")
print("Seen:", moment, "an evening from 22:00 to 24:00 takes", end - start)

same = moment == "2026-06-01T00:00:00+00:00" and (end - start).total_seconds() == -22 * 3600
print("A lesson of two hours takes minus 22 hours." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
