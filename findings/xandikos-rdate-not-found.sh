#!/bin/sh
# Xandikos: a time-range query does not find the dates that RDATE adds to an event, unless the event also has an RRULE.
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
import xml.etree.ElementTree as ElementTree
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


def query(event_filter, data=""):
    body = f"""<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><d:getetag/>{data}</d:prop>
<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">{event_filter}</c:comp-filter></c:comp-filter></c:filter>
</c:calendar-query>"""
    answer = call("REPORT", BASE, body, Depth="1", **{"Content-Type": "application/xml"})
    return ElementTree.fromstring(answer).findall("{DAV:}response")


def names(event_filter):
    return sorted(response.find("{DAV:}href").text.rsplit("/", 1)[1] for response in query(event_filter))


RANGE = '<c:time-range start="20260610T000000Z" end="20260611T000000Z"/>'

print("xandikos", version("xandikos"))
print("Expected: RFC 5545 (3.8.5.2): RDATE adds an occurrence on 10 June 2026, so a query of that day finds all three events.")
first_call()
added = "RDATE:20260610T100000Z"
put("plain", ["DTSTART:20260610T100000Z", "DURATION:PT1H"])
put("dates", ["DTSTART:20260601T100000Z", "DURATION:PT1H", added])
put("rule-and-dates", ["DTSTART:20260601T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2", added])
seen = names(RANGE)
print("Seen: events of 10 June:", seen)

same = seen == ["plain.ics", "rule-and-dates.ics"]
print("The event with an RDATE alone is missing on the day that the RDATE adds." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py "$port"
