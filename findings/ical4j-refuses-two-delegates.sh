#!/bin/sh
# ical4j: it refuses a calendar in which an attendee has two delegates or two groups, as in the examples of RFC 5545.
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
import net.fortuna.ical4j.data.ParserException;
import net.fortuna.ical4j.model.component.VEvent;

class Check {
  static String outcome(String parameter) throws Exception {
    String calendar = """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//check//EN
        BEGIN:VEVENT
        UID:check
        DTSTAMP:20260101T000000Z
        DTSTART:20260601T140000Z
        ATTENDEE;%s:mailto:guest@example.com
        END:VEVENT
        END:VCALENDAR
        """.formatted(parameter).replace("\n", "\r\n");
    try {
      new CalendarBuilder().build(new StringReader(calendar));
      return "read";
    } catch (ParserException error) {
      return error.getMessage().replaceAll(" at index.*", "");
    }
  }

  public static void main(String[] arguments) throws Exception {
    System.out.println(VEvent.class.getProtectionDomain().getCodeSource().getLocation().getPath().replaceAll(".*/|\\.jar$", ""));
    System.out.println("Expected: RFC 5545 (3.2.5, 3.2.11): DELEGATED-TO and MEMBER are lists of quoted addresses.");
    String one = outcome("DELEGATED-TO=\"mailto:first@example.com\"");
    String two = outcome("DELEGATED-TO=\"mailto:first@example.com\",\"mailto:second@example.com\"");
    String groups = outcome("MEMBER=\"mailto:group-a@example.com\",\"mailto:group-b@example.com\"");
    System.out.println("Seen: one delegate: " + one + "; two: " + two + "; two groups: " + groups);
    String refused = "Error at line 8:java.net.URISyntaxException: Illegal character in scheme name";
    boolean same = one.equals("read") && two.equals(refused) && groups.equals(refused);
    System.out.println(same ? "The first address ends the parameters, and the second one is read as the address of the attendee." : "CHANGED");
    System.exit(same ? 0 : 1);
  }
}
JAVA
java -Dnet.fortuna.ical4j.timezone.update.enabled=false -cp 'lib/*' Check.java
