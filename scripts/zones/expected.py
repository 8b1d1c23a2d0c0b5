"""Writes what Python's zoneinfo says of every zone from 2026 to 2030, for the tests of the time zones.

    python3 -m venv .venv && .venv/bin/pip install tzdata==2026.6
    .venv/bin/python scripts/zones/expected.py

It is an implementation that shares nothing with this repository: PyPI's tzdata compiles the tz database with zic, and the
module zoneinfo reads the result. `packages/server/test/fixtures/zones.json` gets, for zones with the same rules once:

    {"version": "2026f", "rules": [{"zones": [...], "first": minutes, "changes": [[UTC minutes since 2026, offset], ...]}]}

Offsets are in minutes, positive east of Greenwich. Some compiled files are copied next to it, for the tests of the reader.
"""

import json
import pathlib
import shutil
import zoneinfo
from datetime import datetime, timedelta, timezone

import tzdata

FROM = datetime(2026, 1, 1, tzinfo=timezone.utc)
TO = datetime(2031, 1, 1, tzinfo=timezone.utc)
STEP = timedelta(hours=6)
FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "packages" / "server" / "test" / "fixtures"

# Ordinary ones, unusual offsets, half an hour of summer time, two hours of it, and winter time as the exception.
COPIED = [
    "Africa/Casablanca",
    "America/Phoenix",
    "America/Vancouver",
    "Antarctica/Troll",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Chisinau",
    "Europe/Dublin",
    "Pacific/Chatham",
    "UTC",
]


def offset_at(zone, at):
    offset = at.astimezone(zone).utcoffset()
    minutes, rest = divmod(offset, timedelta(minutes=1))
    assert not rest, (zone, at, offset)
    return minutes


def changes_of(zone):
    found = []
    at, before = FROM, offset_at(zone, FROM)
    while at < TO:
        later = at + STEP
        after = offset_at(zone, later)
        if after != before:
            low, high = at, later
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) // 2
                middle = middle.replace(second=0, microsecond=0)
                if offset_at(zone, middle) == before:
                    low = middle
                else:
                    high = middle
            found.append([(high - FROM) // timedelta(minutes=1), after])
        at, before = later, after
    return found


def main():
    # The zone files of the operating system, which can be old, are not read.
    zoneinfo.reset_tzpath(to=[])
    rules = {}
    for name in sorted(zoneinfo.available_timezones()):
        if name in ("Factory", "localtime"):
            continue
        zone = zoneinfo.ZoneInfo(name)
        first, changes = offset_at(zone, FROM), changes_of(zone)
        rules.setdefault(json.dumps([first, changes]), []).append(name)
    listed = []
    for key, zones in sorted(rules.items(), key=lambda item: item[1]):
        first, changes = json.loads(key)
        listed.append({"zones": zones, "first": first, "changes": changes})
    FIXTURES.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(rule, separators=(",", ":")) for rule in listed)
    text = f'{{"version":"{tzdata.IANA_VERSION}","rules":[\n{lines}\n]}}\n'
    (FIXTURES / "zones.json").write_text(text)

    source = pathlib.Path(tzdata.__file__).parent / "zoneinfo"
    target = FIXTURES / "zoneinfo"
    shutil.rmtree(target, ignore_errors=True)
    for name in COPIED:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target / name)
    (target / "+VERSION").write_text(f"{tzdata.IANA_VERSION}\n")


main()
