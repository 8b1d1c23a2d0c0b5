#!/bin/sh
# ical and ics (Python): they write an alarm at the start as TRIGGER:P, which is no duration, and vobject refuses the whole calendar.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check ical==14.3.1 ics==0.7.3 vobject==0.9.9 tzdata==2026.6

cat >check.py <<'PY'
import sys
from importlib.metadata import version

import ics
import vobject
from ical.calendar_stream import IcsCalendarStream

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART:20260601T100000Z
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:golf
TRIGGER:{trigger}
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def with_ical(text):
    return IcsCalendarStream.calendar_to_ics(IcsCalendarStream.calendar_from_ics(text))


def with_ics(text):
    return ics.Calendar(text).serialize()


def outcome(write, trigger):
    written = write(CALENDAR.format(trigger=trigger).replace("\n", "\r\n"))
    line = next(line for line in written.splitlines() if line.startswith("TRIGGER"))
    try:
        vobject.readOne(written)
        return f"{line} read"
    except vobject.base.ParseError:
        return f"{line} refused"


print("ical", version("ical"), "ics", version("ics"), "vobject", version("vobject"))
print("Expected: RFC 5545 (3.3.6): a duration has at least one number, so an alarm at the start is written as PT0S or a form of it.")
seen = {write.__name__: [outcome(write, trigger) for trigger in ("-PT5M", "PT0S", "-P0DT0H0M0S")] for write in (with_ical, with_ics)}
print("Seen: 5 minutes before, at the start, at the start as Google writes it:", seen)

same = all(one == ["TRIGGER:-PT5M read", "TRIGGER:P refused", "TRIGGER:P refused"] for one in seen.values())
print("One alarm at the start of an event makes the written calendar unreadable for a strict reader." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python -W ignore check.py
