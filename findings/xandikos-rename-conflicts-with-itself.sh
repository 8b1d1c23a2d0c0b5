#!/bin/sh
# Xandikos: MOVE to another name in the same calendar is refused, because the UID of the item is in use: by the item itself.
set -eu
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check xandikos==0.4.10

port=$(venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
venv/bin/xandikos serve --directory "$dir/data" --listen-address 127.0.0.1 --port "$port" --defaults --no-detect-systemd >server.log 2>&1 &
server=$!

cat >check.py <<'PY'
import sys
import time
import urllib.error
import urllib.request
from importlib.metadata import version

BASE = f"http://127.0.0.1:{sys.argv[1]}/user/calendars/bay/"


def call(method, url, body=None, **headers):
    request = urllib.request.Request(url, method=method, data=body and body.encode(), headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


def first_call():
    deadline = time.monotonic() + 60
    while True:
        try:
            return call("MKCALENDAR", BASE)
        except urllib.error.HTTPError:
            raise
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def put(name, *events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//check//EN"]
    for event in events:
        lines += ["BEGIN:VEVENT", f"UID:{name}", "DTSTAMP:20260101T000000Z", *event, "END:VEVENT"]
    lines += ["END:VCALENDAR", ""]
    call("PUT", f"{BASE}{name}.ics", "\r\n".join(lines), **{"Content-Type": "text/calendar"})


def move(name, destination):
    try:
        call("MOVE", f"{BASE}{name}.ics", Destination=destination)
        return "moved"
    except urllib.error.HTTPError as error:
        text = error.read().decode()
        return f"{error.code} {'no-uid-conflict' if 'no-uid-conflict' in text else text}"


print("xandikos", version("xandikos"))
print("Expected: RFC 4918 (9.9): MOVE to a free name removes the old one, so a calendar never has two items with that UID.")
first_call()
other = BASE.replace("/bay/", "/other/")
call("MKCALENDAR", other)
put("golf", ["DTSTART:20260601T100000Z", "DURATION:PT1H"])
renamed = move("golf", f"{BASE}renamed.ics")
carried = move("golf", f"{other}renamed.ics")
print("Seen: to a new name in the calendar:", renamed, "to the same name in another calendar:", carried)

same = renamed == "412 no-uid-conflict" and carried == "moved"
print("The item cannot be renamed within its calendar, while it can leave the calendar." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py "$port"
