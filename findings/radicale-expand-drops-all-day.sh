#!/bin/sh
# Radicale: asked to expand, a calendar-query drops an all-day event without DTEND whose day begins the range.
set -eu
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check Radicale==3.9.0

port=$(venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
TZ=UTC venv/bin/python -m radicale --server-hosts "127.0.0.1:$port" --auth-type none --storage-filesystem-folder "$dir/data" >server.log 2>&1 &
server=$!

cat >check.py <<'PY'
import sys
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree
from importlib.metadata import version

BASE = f"http://127.0.0.1:{sys.argv[1]}/user/calendar/"
AUTHORIZATION = "Basic dXNlcjp1c2Vy"  # user:user, accepted by auth type "none"
RANGE = 'start="20260307T000000Z" end="20260310T000000Z"'


def call(method, url, body=None, **headers):
    headers["Authorization"] = AUTHORIZATION
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


def put(name, *times):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//check//EN", "BEGIN:VEVENT", f"UID:{name}", "DTSTAMP:20260101T000000Z"]
    lines += [*times, "END:VEVENT", "END:VCALENDAR", ""]
    call("PUT", f"{BASE}{name}.ics", "\r\n".join(lines), **{"Content-Type": "text/calendar"})


def query(expand):
    body = '<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
    body += f"<d:prop><c:calendar-data>{expand}</c:calendar-data></d:prop><c:filter><c:comp-filter name='VCALENDAR'>"
    body += f"<c:comp-filter name='VEVENT'><c:time-range {RANGE}/></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
    answer = ElementTree.fromstring(call("REPORT", BASE, body, **{"Content-Type": "application/xml", "Depth": "1"}))
    return sorted(href.text.rsplit("/", 1)[1] for href in answer.iter("{DAV:}href"))


print("Radicale", version("Radicale"))
print("Expected: a query of 7 to 9 March 2026 finds the same single events with expand as without: expand only unfolds series.")
first_call()
put("closed-7-march", "DTSTART;VALUE=DATE:20260307")
put("closed-7-march-with-end", "DTSTART;VALUE=DATE:20260307", "DTEND;VALUE=DATE:20260308")
put("closed-8-march", "DTSTART;VALUE=DATE:20260308")
plain = query("")
expanded = query(f"<c:expand {RANGE}/>")
print("Seen: without expand:", plain, "with expand:", expanded)

every = ["closed-7-march-with-end.ics", "closed-7-march.ics", "closed-8-march.ics"]
same = plain == every and expanded == [every[0], every[2]]
print("The all-day event of the first day is missing when it has no DTEND, which RFC 5545 (3.6.1) reads as one day." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py "$port"
