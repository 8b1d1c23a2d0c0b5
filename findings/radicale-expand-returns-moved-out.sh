#!/bin/sh
# Radicale: expand also answers an occurrence that was moved out of the range of the query.
set -eu
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check Radicale==3.9.0

port=$(venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
venv/bin/python -m radicale --server-hosts "127.0.0.1:$port" --auth-type none --storage-filesystem-folder "$dir/data" >server.log 2>&1 &
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


def put(name, *events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//check//EN"]
    for event in events:
        lines += ["BEGIN:VEVENT", f"UID:{name}", "DTSTAMP:20260101T000000Z", *event, "END:VEVENT"]
    lines += ["END:VCALENDAR", ""]
    call("PUT", f"{BASE}{name}.ics", "\r\n".join(lines), **{"Content-Type": "text/calendar"})


def query(event_filter, data=""):
    body = f"""<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><d:getetag/>{data}</d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">{event_filter}</c:comp-filter></c:comp-filter></c:filter>
</c:calendar-query>"""
    answer = call("REPORT", BASE, body, Depth="1", **{"Content-Type": "application/xml"})
    return ElementTree.fromstring(answer).findall("{DAV:}response")


def names(event_filter):
    return sorted(response.find("{DAV:}href").text.rsplit("/", 1)[1] for response in query(event_filter))


RANGE = 'start="20260601T000000Z" end="20260604T000000Z"'

print("Radicale", version("Radicale"))
print("Expected: RFC 4791 (9.6.5): expand of 1 to 3 June 2026 answers the occurrences of these days, so not one moved to 10 August.")
first_call()
series = ["DTSTART:20260601T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"]
moved = ["RECURRENCE-ID:20260602T100000Z", "DTSTART:20260810T150000Z", "DURATION:PT1H"]
put("golf", series, moved)
(response,) = query(f"<c:time-range {RANGE}/>", f"<c:calendar-data><c:expand {RANGE}/></c:calendar-data>")
data = next(response.iter("{urn:ietf:params:xml:ns:caldav}calendar-data")).text
starts = sorted(line.split(":")[1] for line in data.splitlines() if line.startswith("DTSTART"))
august = names('<c:time-range start="20260810T000000Z" end="20260811T000000Z"/>')
print("Seen: starts of the expanded occurrences:", starts, "items of 10 August:", august)

same = starts == ["20260601T100000Z", "20260603T100000Z", "20260810T150000Z"] and august == ["golf.ics"]
print("The answer for three days in June has an occurrence in August, because its original start was in June." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py "$port"
