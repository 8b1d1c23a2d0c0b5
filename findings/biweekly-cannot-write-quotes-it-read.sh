#!/bin/sh
# biweekly: a name with quotation marks, as RFC 6868 writes them, is read, but the same calendar is then refused when it is written.
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
import biweekly.ICalendar;
import biweekly.component.VEvent;

class Check {
  public static void main(String[] arguments) {
    System.out.println(VEvent.class.getProtectionDomain().getCodeSource().getLocation().getPath().replaceAll(".*/|\\.jar$", ""));
    System.out.println("Expected: what one default setting reads the other writes: RFC 6868 is either used in both directions or in none.");
    String text = """
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//check//EN
        BEGIN:VEVENT
        UID:check
        DTSTAMP:20260101T000000Z
        DTSTART:20260601T140000Z
        ATTENDEE;CN=Guest ^'Junior^' Player:mailto:guest@example.com
        END:VEVENT
        END:VCALENDAR
        """.replace("\n", "\r\n");
    ICalendar calendar = Biweekly.parse(text).first();
    String name = calendar.getEvents().get(0).getAttendees().get(0).getCommonName();
    String written;
    try {
      written = Biweekly.write(calendar).go();
    } catch (IllegalArgumentException error) {
      written = error.getMessage().replaceAll("\\s+", " ");
    }
    String encoded = Biweekly.write(calendar).caretEncoding(true).go().contains("CN=Guest ^'Junior^' Player") ? "as read" : "otherwise";
    System.out.println("Seen: read: " + name + " written: " + written + " written with caretEncoding(true): " + encoded);
    boolean same = name.equals("Guest \"Junior\" Player")
        && written.startsWith("Property \"ATTENDEE\" has a parameter named \"CN\" whose value contains one or more invalid characters.")
        && encoded.equals("as read");
    System.out.println(same ? "Reading decodes always and writing only on request, so one such name stops a copy of the whole calendar." : "CHANGED");
    System.exit(same ? 0 : 1);
  }
}
JAVA
java -cp 'lib/*' Check.java
