#!/bin/sh
# ical4j: a period of RDATE in UTC is written without its Z, so the added lesson is at another time for each reader's zone.
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
      <groupId>org.mnode.ical4j</groupId>
      <artifactId>ical4j</artifactId>
      <version>4.4.0</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-nop</artifactId>
      <version>2.0.12</version>
    </dependency>
  </dependencies>
</project>
XML
copy=org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies
mvn --quiet --batch-mode -Dstyle.color=never "$copy" -DoutputDirectory=lib >mvn.log 2>&1 || { cat mvn.log; exit 1; }

cat >Check.java <<'JAVA'
import java.io.StringReader;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.model.Calendar;
import net.fortuna.ical4j.model.component.VEvent;

class Check {
  /** The line of RDATE, read and written. */
  static String written(String rdate) throws Exception {
    String calendar = """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//check//EN
        BEGIN:VEVENT
        UID:check
        DTSTAMP:20260101T000000Z
        DTSTART:20260601T140000Z
        DURATION:PT1H
        %s
        END:VEVENT
        END:VCALENDAR
        """.formatted(rdate).replace("\n", "\r\n");
    Calendar read = new CalendarBuilder().build(new StringReader(calendar));
    return read.toString().lines().filter(line -> line.startsWith("RDATE")).findFirst().orElse("none");
  }

  public static void main(String[] arguments) throws Exception {
    System.out.println(VEvent.class.getProtectionDomain().getCodeSource().getLocation().getPath().replaceAll(".*/|\\.jar$", ""));
    System.out.println("Expected: RFC 5545 (3.8.5.2): RDATE lists times or periods, and a time in UTC stays in UTC in either form.");
    String times = written("RDATE:20260610T140000Z");
    String periods = written("RDATE;VALUE=PERIOD:20260610T140000Z/PT2H,20260611T140000Z/20260611T150000Z");
    System.out.println("Seen: " + times + " and " + periods);
    boolean same = times.equals("RDATE:20260610T140000Z")
        && periods.equals("RDATE;VALUE=PERIOD:20260610T140000/PT2H,20260611T140000/20260611T150000");
    System.out.println(same ? "The periods became floating times: 14:00 in Phoenix is seven hours after 14:00Z." : "CHANGED");
    System.exit(same ? 0 : 1);
  }
}
JAVA
java -Dnet.fortuna.ical4j.timezone.update.enabled=false -cp 'lib/*' Check.java
