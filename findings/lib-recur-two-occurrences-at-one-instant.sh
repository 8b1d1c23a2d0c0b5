#!/bin/sh
# lib-recur: an hourly series has two occurrences at one instant when the clocks go forward, and none for an hour when they go back.
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
      <groupId>org.dmfs</groupId>
      <artifactId>lib-recur</artifactId>
      <version>0.17.1</version>
    </dependency>
  </dependencies>
</project>
XML
copy=org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies
mvn --quiet --batch-mode -Dstyle.color=never "$copy" -DoutputDirectory=lib >mvn.log 2>&1 || { cat mvn.log; exit 1; }

cat >Check.java <<'JAVA'
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;

class Check {
  /** The instants of a series that starts at this time in New York. */
  static List<String> instants(String rule, String start) throws Exception {
    DateTime first = DateTime.parse(TimeZone.getTimeZone("America/New_York"), start);
    RecurrenceRuleIterator occurrences = new RecurrenceRule(rule).iterator(first);
    List<String> found = new ArrayList<>();
    while (occurrences.hasNext()) {
      found.add(Instant.ofEpochMilli(occurrences.nextDateTime().getTimestamp()).toString().substring(11, 16));
    }
    return found;
  }

  public static void main(String[] arguments) throws Exception {
    System.out.println(RecurrenceRule.class.getProtectionDomain().getCodeSource().getLocation().getPath().replaceAll(".*/|\\.jar$", ""));
    System.out.println("Expected: RFC 5545 (3.3.10): the occurrences of FREQ=HOURLY are an hour apart, and none comes after UNTIL.");
    List<String> forward = instants("FREQ=HOURLY;COUNT=4", "20260308T003000");
    List<String> back = instants("FREQ=HOURLY;COUNT=4", "20261101T003000");
    List<String> until = instants("FREQ=HOURLY;UNTIL=20261101T053000Z", "20261101T003000");
    System.out.println("Seen: forward: " + forward + " back: " + back + " until 05:30: " + until);
    boolean same = forward.equals(List.of("05:30", "06:30", "07:30", "07:30"))
        && back.equals(List.of("04:30", "06:30", "07:30", "08:30"))
        && until.equals(List.of("04:30", "06:30"));
    System.out.println(same ? "Hours are counted on the wall clock, and UNTIL in UTC is compared there, so one comes an hour after it." : "CHANGED");
    System.exit(same ? 0 : 1);
  }
}
JAVA
java -cp 'lib/*' Check.java
