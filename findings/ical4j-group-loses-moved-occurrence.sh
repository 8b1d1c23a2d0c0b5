#!/bin/sh
# ical4j: ComponentGroup leaves out an occurrence that was moved to another time: it is at neither time.
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
import java.util.List;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.model.ComponentGroup;
import net.fortuna.ical4j.model.Period;
import net.fortuna.ical4j.model.component.VEvent;

class Check {
  /** The occurrences in June 2026 of a series whose second one has the given start and length. */
  static String occurrences(String start, String duration) throws Exception {
    String calendar = """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//check//EN
        BEGIN:VEVENT
        UID:check
        DTSTAMP:20260101T000000Z
        DTSTART;TZID=America/New_York:20260601T100000
        DURATION:PT1H
        RRULE:FREQ=DAILY;COUNT=3
        END:VEVENT
        BEGIN:VEVENT
        UID:check
        DTSTAMP:20260101T000000Z
        RECURRENCE-ID;TZID=America/New_York:20260602T100000
        DTSTART;TZID=America/New_York:%s
        DURATION:%s
        END:VEVENT
        END:VCALENDAR
        """.formatted(start, duration).replace("\n", "\r\n");
    List<VEvent> events = new CalendarBuilder().build(new StringReader(calendar)).getComponents("VEVENT");
    ComponentGroup<VEvent> group = new ComponentGroup<>(events, events.get(0).getUid().get());
    Period<ZonedDateTime> june = new Period<>(ZonedDateTime.parse("2026-06-01T00:00:00Z"), ZonedDateTime.parse("2026-07-01T00:00:00Z"));
    return group.calculateRecurrenceSet(june).toString();
  }

  public static void main(String[] arguments) throws Exception {
    System.out.println(VEvent.class.getProtectionDomain().getCodeSource().getLocation().getPath().replaceAll(".*/|\\.jar$", ""));
    System.out.println("Expected: the documentation says that a revision with a RECURRENCE-ID overrides its instance: 1, 2 and 3 June, or 1, 3 and 20 June.");
    String longer = occurrences("20260602T100000", "PT2H");
    String moved = occurrences("20260620T100000", "PT1H");
    System.out.println("Seen: made longer: " + longer + " moved to 20 June: " + moved);
    boolean same = longer.equals("[20260601T100000/PT1H, 20260602T100000/PT2H, 20260603T100000/PT1H]")
        && moved.equals("[20260601T100000/PT1H, 20260603T100000/PT1H]");
    System.out.println(same ? "Only a change that keeps the start is applied: a moved lesson is lost, and its time looks free." : "CHANGED");
    System.exit(same ? 0 : 1);
  }
}
JAVA
java -Dnet.fortuna.ical4j.timezone.update.enabled=false -cp 'lib/*' Check.java
