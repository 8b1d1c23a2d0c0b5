#!/bin/sh
# ical4j: an EXDATE in UTC excludes nothing from a series in a time zone, though it names the same instant.
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
import java.time.ZonedDateTime;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.model.Period;
import net.fortuna.ical4j.model.component.VEvent;

class Check {
  /** The occurrences in June 2026 of a series of three evenings in New York. */
  static String occurrences(String exdate) throws Exception {
    String calendar = """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//check//EN
        BEGIN:VEVENT
        UID:check
        DTSTAMP:20260101T000000Z
        DTSTART;TZID=America/New_York:20260601T200000
        DURATION:PT1H
        RRULE:FREQ=DAILY;COUNT=3
        %s
        END:VEVENT
        END:VCALENDAR
        """.formatted(exdate).replace("\n", "\r\n");
    VEvent event = (VEvent) new CalendarBuilder().build(new StringReader(calendar)).getComponents("VEVENT").get(0);
    Period<ZonedDateTime> june = new Period<>(ZonedDateTime.parse("2026-06-01T00:00:00Z"), ZonedDateTime.parse("2026-07-01T00:00:00Z"));
    return event.calculateRecurrenceSet(june).toString();
  }

  public static void main(String[] arguments) throws Exception {
    System.out.println(VEvent.class.getProtectionDomain().getCodeSource().getLocation().getPath().replaceAll(".*/|\\.jar$", ""));
    System.out.println("Expected: RFC 5545 (3.8.5.1): an excluded time may be in UTC; 00:00Z of 3 June is 20:00 of 2 June in New York.");
    String local = occurrences("EXDATE;TZID=America/New_York:20260602T200000");
    String utc = occurrences("EXDATE:20260603T000000Z");
    System.out.println("Seen: excluded by local time: " + local + " by UTC: " + utc);
    boolean same = local.equals("[20260601T200000/PT1H, 20260603T200000/PT1H]")
        && utc.equals("[20260601T200000/PT1H, 20260602T200000/PT1H, 20260603T200000/PT1H]");
    System.out.println(same ? "The canceled lesson of 2 June takes place, because two spellings of one instant are not equal." : "CHANGED");
    System.exit(same ? 0 : 1);
  }
}
JAVA
java -Dnet.fortuna.ical4j.timezone.update.enabled=false -cp 'lib/*' Check.java
