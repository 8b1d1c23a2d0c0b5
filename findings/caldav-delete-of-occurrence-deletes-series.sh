#!/bin/sh
# caldav (Python): delete() of one occurrence of an expanded series deletes the series; save() of it changes the occurrence alone.
set -eu
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check caldav==3.6.0 Radicale==3.9.0 icalendar==7.3.2 recurring-ical-events==3.8.2 tzdata==2026.6

port=$(venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
venv/bin/python -m radicale --server-hosts "127.0.0.1:$port" --auth-type none --storage-filesystem-folder "$dir/data" >server.log 2>&1 &
server=$!

cat >check.py <<'PY'
import sys
import time
from datetime import datetime, timezone
from importlib.metadata import version

import caldav


def calendar(name):
    """A new calendar. The first call waits for the server."""
    client = caldav.DAVClient(f"http://127.0.0.1:{sys.argv[1]}/", username="user", password="user")
    deadline = time.monotonic() + 60
    while True:
        try:
            return client.principal().make_calendar(name)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


SERIES = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART:20260601T100000Z
DURATION:PT1H
RRULE:FREQ=DAILY;COUNT=3
SUMMARY:golf
END:VEVENT
END:VCALENDAR
"""
JUNE = {"start": datetime(2026, 6, 1, tzinfo=timezone.utc), "end": datetime(2026, 7, 1, tzinfo=timezone.utc), "event": True, "expand": True}


def occurrences(found):
    return sorted(f"{event.component.start.day} {event.component['SUMMARY']}" for event in found)


def after(name, change):
    """The occurrences after a change of the second one."""
    lessons = calendar(name)
    lessons.save_event(SERIES)
    second = next(event for event in lessons.search(**JUNE) if event.component.start.day == 2)
    change(second)
    return occurrences(lessons.search(**JUNE))


def rename(event):
    event.icalendar_component["SUMMARY"] = "tennis"
    event.save()


print("caldav", version("caldav"))
print("Expected: the documentation says that save() of an occurrence changes this one alone by default, so delete() of one leaves the others.")
saved = after("saved", rename)
deleted = after("deleted", lambda event: event.delete())
print("Seen: after save() of 2 June:", saved, "after delete() of 2 June:", deleted)

same = saved == ["1 golf", "2 tennis", "3 golf"] and deleted == []
print("All three lessons are gone: the object of the occurrence has the address of the whole series." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py "$port"
