#!/bin/sh
# biweekly with ics, vobject and ical: it puts a slash before the name of a zone without a definition, and these readers do not know that name.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>check</groupId>
  <artifactId>check</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>net.sf.biweekly</groupId>
      <artifactId>biweekly</artifactId>
      <version>0.6.8</version>
    </dependency>
  </dependencies>
</project>
XML
copy=org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies
mvn --quiet --batch-mode -Dstyle.color=never "$copy" -DoutputDirectory=lib >mvn.log 2>&1 || { cat mvn.log; exit 1; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check icalendar==7.3.2 ics==0.7.3 vobject==0.9.9 ical==14.3.1 tzdata==2026.6

cat >in.ics <<'ICS'
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART;TZID=America/New_York:20260601T100000
DURATION:PT1H
END:VEVENT
END:VCALENDAR
ICS

cat >check.py <<'PY'
import sys
from importlib.metadata import version
from pathlib import Path

import icalendar
import ics
import vobject
from ical.calendar_stream import IcsCalendarStream
from ical.exceptions import CalendarParseError

READERS = {
    "icalendar": lambda text: icalendar.Calendar.from_ical(text).events[0].start,
    "ics": lambda text: next(iter(ics.Calendar(text).events)).begin.datetime,
    "vobject": lambda text: vobject.readOne(text).vevent.dtstart.value,
    "ical": lambda text: IcsCalendarStream.calendar_from_ics(text).events[0].dtstart,
}


def start(read, name):
    text = Path(name).read_text().replace("\n", "\r\n")
    try:
        return f"{read(text):%H:%M%z}"
    except CalendarParseError:
        return "refused"


print(*(f"{name} {version(name)}" for name in READERS))
print("Expected: a zone named as in the IANA database, whose definition the client leaves out (RFC 7809), is written as it was read.")
line = next(line for line in Path("out.ics").read_text().splitlines() if line.startswith("DTSTART"))
seen = {name: f"{start(read, 'in.ics')} {start(read, 'out.ics')}" for name, read in READERS.items()}
print("Seen: written by biweekly:", line, "read before and after:", seen)

same = line == "DTSTART;TZID=/America/New_York:20260601T100000" and seen == {
    "icalendar": "10:00-0400 10:00-0400",
    "ics": "10:00-0400 10:00+0000",
    "vobject": "10:00-0400 10:00",
    "ical": "10:00-0400 refused",
}
print("With the slash the start is four hours earlier, without a zone, or the calendar is refused, depending on the reader." if same else "CHANGED")
sys.exit(0 if same else 1)
PY

cat >Check.java <<'JAVA'
import biweekly.Biweekly;
import biweekly.component.VEvent;
import java.io.File;

class Check {
  public static void main(String[] arguments) throws Exception {
    System.out.println(VEvent.class.getProtectionDomain().getCodeSource().getLocation().getPath().replaceAll(".*/|\\.jar$", ""));
    Biweekly.write(Biweekly.parse(new File("in.ics")).all()).go(new File("out.ics"));
  }
}
JAVA
java -cp 'lib/*' Check.java
venv/bin/python -W ignore check.py
