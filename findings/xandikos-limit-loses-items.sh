#!/bin/sh
# Xandikos: a sync-collection with a limit is cut short without saying so, and its token skips the items that were left out.
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


def put(name):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//check//EN", "BEGIN:VEVENT", f"UID:{name}", "DTSTAMP:20260101T000000Z"]
    lines += ["DTSTART:20260601T100000Z", "DTEND:20260601T110000Z", "END:VEVENT", "END:VCALENDAR", ""]
    call("PUT", f"{BASE}{name}.ics", "\r\n".join(lines), **{"Content-Type": "text/calendar"})


def sync(token):
    body = f'<d:sync-collection xmlns:d="DAV:"><d:sync-token>{token}</d:sync-token><d:sync-level>1</d:sync-level>'
    body += "<d:limit><d:nresults>2</d:nresults></d:limit><d:prop><d:getetag/></d:prop></d:sync-collection>"
    answer = ElementTree.fromstring(call("REPORT", BASE, body, **{"Content-Type": "application/xml"}))
    found = []
    for response in answer.iter("{DAV:}response"):
        status = next(response.iter("{DAV:}status")).text
        found.append((response.find("{DAV:}href").text.rsplit("/", 1)[1], status.split(" ")[1]))
    return found, answer.find("{DAV:}sync-token").text


print("xandikos", version("xandikos"))
print("Expected: RFC 6578 (3.6): a truncated answer carries status 507 for the collection, and its token brings the rest next time.")
first_call()
for name in ("a", "b", "c"):
    put(name)
first, token = sync("")
second, _ = sync(token)
print("Seen: with a limit of 2, three items:", first, "then, with the token of that answer:", second)

same = first == [("a.ics", "200"), ("b.ics", "200")] and second == []
print("The answer looks complete and its token is the newest, so a client never hears of the third item." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py "$port"
