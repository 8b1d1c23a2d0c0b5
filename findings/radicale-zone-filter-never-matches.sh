#!/bin/sh
# Radicale: a filter of the TZID of DTSTART finds no event in that zone, and is-not-defined finds those that have a TZID.
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


PHOENIX = ["BEGIN:VTIMEZONE", "TZID:America/Phoenix", "BEGIN:STANDARD", "DTSTART:19700101T000000"]
PHOENIX += ["TZOFFSETFROM:-0700", "TZOFFSETTO:-0700", "END:STANDARD", "END:VTIMEZONE"]


def put(name, *events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//check//EN", *PHOENIX]
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


def with_parameter(name, parameter, condition):
    return names(f'<c:prop-filter name="{name}"><c:param-filter name="{parameter}">{condition}</c:param-filter></c:prop-filter>')


print("Radicale", version("Radicale"))
print("Expected: RFC 4791 (9.7.3): the filter of a parameter reads what was written: DTSTART;TZID and ATTENDEE;PARTSTAT alike.")
first_call()
put("local", ["DTSTART;TZID=America/Phoenix:20260601T100000", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:guest@example.com"])
put("utc", ["DTSTART:20260601T100000Z", "ATTENDEE:mailto:guest@example.com"])
stored = "DTSTART;TZID=America/Phoenix:20260601T100000" in call("GET", f"{BASE}local.ics")
zone = with_parameter("DTSTART", "TZID", "<c:text-match>Phoenix</c:text-match>")
no_zone = with_parameter("DTSTART", "TZID", "<c:is-not-defined/>")
answer = with_parameter("ATTENDEE", "PARTSTAT", "<c:text-match>ACCEPTED</c:text-match>")
no_answer = with_parameter("ATTENDEE", "PARTSTAT", "<c:is-not-defined/>")
print("Seen: stored with TZID:", stored, "TZID of Phoenix:", zone, "no TZID:", no_zone)
print("Seen: PARTSTAT accepted:", answer, "no PARTSTAT:", no_answer)

same = stored and zone == [] and no_zone == ["local.ics", "utc.ics"] and answer == ["local.ics"] and no_answer == ["utc.ics"]
print("The stored file has the TZID, but the filter does not see it; other parameters it sees." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py "$port"
