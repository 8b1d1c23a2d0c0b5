#!/bin/sh
# biweekly: it escapes the comma and the semicolon of a URL as if it were text, so other readers open another address.
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
  static String line(String calendar, String name) {
    return calendar.lines().filter(line -> line.startsWith(name)).findFirst().orElse("none");
  }

  public static void main(String[] arguments) {
    System.out.println(VEvent.class.getProtectionDomain().getCodeSource().getLocation().getPath().replaceAll(".*/|\\.jar$", ""));
    System.out.println("Expected: RFC 5545 (3.3.13): a URI has no escapes, so URL is written as ATTACH is.");
    String address = "https://example.com/map?at=33.45,-112.07;zoom=9";
    VEvent event = new VEvent();
    event.setSummary("golf");
    event.setUrl(address);
    event.addAttachment(new biweekly.property.Attachment("text/html", address));
    ICalendar calendar = new ICalendar();
    calendar.addEvent(event);
    String written = Biweekly.write(calendar).go();
    String url = line(written, "URL");
    String attach = line(written, "ATTACH");
    String read = Biweekly.parse(written).first().getEvents().get(0).getUrl().getValue();
    System.out.println("Seen: " + url + " and " + attach + "; read by biweekly: " + read);
    boolean same = url.equals("URL:https://example.com/map?at=33.45\\,-112.07\\;zoom=9")
        && attach.equals("ATTACH;FMTTYPE=text/html:" + address)
        && read.equals(address);
    System.out.println(same ? "Its own reader removes the backslashes again, so a test of the library with itself does not show them." : "CHANGED");
    System.exit(same ? 0 : 1);
  }
}
JAVA
java -cp 'lib/*' Check.java
