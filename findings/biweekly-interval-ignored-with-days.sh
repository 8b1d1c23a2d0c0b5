#!/bin/sh
# biweekly: INTERVAL=2 of a daily rule does nothing beside BYDAY or BYMONTHDAY, and of an hourly rule with BYHOUR leaves no occurrence.
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

cat >Check.java <<'JAVA'
import biweekly.Biweekly;
import biweekly.component.VEvent;
import biweekly.util.com.google.ical.compat.javautil.DateIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;

class Check {
  /** The first occurrences of a rule from Monday, 5 January 2026, at 10:00Z. */
  static String starts(String rule) {
    String calendar = """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//check//EN
        BEGIN:VEVENT
        UID:check
        DTSTAMP:20260101T000000Z
        DTSTART:20260105T100000Z
        RRULE:%s
        END:VEVENT
        END:VCALENDAR
        """.formatted(rule).replace("\n", "\r\n");
    VEvent event = Biweekly.parse(calendar).first().getEvents().get(0);
    DateIterator dates = event.getDateIterator(TimeZone.getTimeZone("UTC"));
    List<String> found = new ArrayList<>();
    while (found.size() < 4 && dates.hasNext()) found.add(dates.next().toInstant().toString().substring(8, 13));
    return String.join(" ", found);
  }

  public static void main(String[] arguments) {
    System.out.println(VEvent.class.getProtectionDomain().getCodeSource().getLocation().getPath().replaceAll(".*/|\\.jar$", ""));
    System.out.println("Expected: RFC 5545 (3.3.10): BYDAY limits a daily rule to some of its days: of 5, 7, 9, 11 January to Monday, Wednesday, Friday.");
    String plain = starts("FREQ=DAILY;INTERVAL=2");
    String days = starts("FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR");
    String dates = starts("FREQ=DAILY;INTERVAL=2;BYMONTHDAY=5,6,7,8");
    String hours = starts("FREQ=HOURLY;INTERVAL=2");
    String some = starts("FREQ=HOURLY;INTERVAL=2;BYHOUR=10,12");
    System.out.printf("Seen: DAILY: %s; BYDAY: %s; BYMONTHDAY: %s; HOURLY: %s; BYHOUR: [%s]%n", plain, days, dates, hours, some);
    boolean same = plain.equals("05T10 07T10 09T10 11T10")
        && days.equals("05T10 06T10 07T10 08T10")
        && dates.equals("05T10 06T10 07T10 08T10")
        && hours.equals("05T10 05T12 05T14 05T16")
        && some.isEmpty();
    System.out.println(same ? "Beside such a part the rule is every day of the list, or nothing." : "CHANGED");
    System.exit(same ? 0 : 1);
  }
}
JAVA
java -cp 'lib/*' Check.java
