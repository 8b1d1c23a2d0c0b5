#!/bin/sh
# vobject: of an X- property it keeps what is before the first comma, so the place that Apple's Calendar stores loses its longitude.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check vobject==0.9.9

cat >check.py <<'PY'
import sys
from importlib.metadata import version

import vobject

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART:20260601T100000Z
URL:https://example.com/map?at=33.45,-112.07
X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=Bay 3:geo:33.45,-112.07
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def line(text, name):
    return next(line for line in text.replace("\r\n ", "").split("\r\n") if line.startswith(name))


print("vobject", version("vobject"))
print("Expected: a property that the library does not know is written as it was read: RFC 5545 (3.8.8.2) gives it any value type.")
read = vobject.readOne(EVENT)
written = read.serialize()
url, place = line(written, "URL"), line(written, "X-APPLE-STRUCTURED-LOCATION")
print("Seen: read:", repr(read.vevent.x_apple_structured_location.value), "written:", place, url)

same = place == "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=Bay 3:geo:33.45" and url == "URL:https://example.com/map?at=33.45,-112.07"
print("The rest is dropped without an error when the value is read; the same text in URL is kept." if same else "CHANGED")
sys.exit(0 if same else 1)
PY
venv/bin/python check.py
