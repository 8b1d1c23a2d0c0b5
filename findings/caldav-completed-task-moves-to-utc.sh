#!/bin/sh
# caldav (Python): completing one occurrence of a recurring task moves the series to UTC, so the next one can be on another day.
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


TASK = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VTODO
UID:check
DTSTAMP:20260101T000000Z
DTSTART;TZID=America/New_York:{start}
DURATION:PT1H
RRULE:FREQ=WEEKLY;BYDAY=MO
SUMMARY:mow
STATUS:NEEDS-ACTION
END:VTODO
END:VCALENDAR
"""


def next_start(name, start, completed):
    """The start that a weekly task in New York has after its first occurrence is completed."""
    tasks = calendar(name)
    tasks.save_todo(TASK.format(start=start))
    tasks.todos()[0].complete(completion_timestamp=completed, handle_rrule=True)
    line = next(line for line in tasks.todos()[0].data.splitlines() if line.startswith("DTSTART") and ":2026" in line)
    return line.strip()


print("caldav", version("caldav"))
print("Expected: the source says that a rule with BYDAY preserves the start: the next are Monday 8 June, 22:00, and 2 November, 09:00, in New York.")
evening = next_start("evening", "20260601T220000", datetime(2026, 6, 2, 3, tzinfo=timezone.utc))
autumn = next_start("autumn", "20261026T090000", datetime(2026, 10, 26, 14, tzinfo=timezone.utc))
print("Seen: after Monday 1 June, 22:00:", evening, "after Monday 26 October, 09:00:", autumn)

same = evening == "DTSTART:20260608T020000Z" and autumn == "DTSTART:20261102T130000Z"
print("In New York these are Sunday 7 June, 22:00, and 2 November, 08:00; each later occurrence is counted in UTC too." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py "$port"
