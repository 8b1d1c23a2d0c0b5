#!/bin/sh
# Radicale: a first sync-collection (empty token) reports items deleted before the client ever synchronized.
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


def put(name):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//check//EN", "BEGIN:VEVENT", f"UID:{name}", "DTSTAMP:20260101T000000Z"]
    lines += ["DTSTART:20260601T100000Z", "DTEND:20260601T110000Z", "END:VEVENT", "END:VCALENDAR", ""]
    call("PUT", f"{BASE}{name}.ics", "\r\n".join(lines), **{"Content-Type": "text/calendar"})


def first_sync():
    body = '<d:sync-collection xmlns:d="DAV:"><d:sync-token/><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>'
    answer = ElementTree.fromstring(call("REPORT", BASE, body, **{"Content-Type": "application/xml"}))
    found = {}
    for response in answer.iter("{DAV:}response"):
        status = next(response.iter("{DAV:}status")).text
        found[response.find("{DAV:}href").text.rsplit("/", 1)[1]] = status.split(" ")[1]
    return found


print("Radicale", version("Radicale"))
print("Expected: RFC 6578 (3.4): the first synchronization lists the members of the collection, and no removed ones.")
first_call()
put("kept")
put("deleted")
first_sync()
call("DELETE", BASE + "deleted.ics")
seen = first_sync()
print("Seen: a new client's first answer:", seen)

same = seen == {"kept.ics": "200", "deleted.ics": "404"}
print("The answer to a client without a token has a deletion of an item that the client never had." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py "$port"
