#!/bin/sh
# golang-ical: a quoted parameter with a colon is written without its quotes, so other readers see another attendee address.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init check >/dev/null 2>&1
go get github.com/arran4/golang-ical@v0.3.4 github.com/emersion/go-ical@v0.0.0-20250329121855-f41e73efc392 >/dev/null 2>&1

cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	ics "github.com/arran4/golang-ical"
	"github.com/emersion/go-ical"
)

const calendar = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART:20260601T100000Z
ATTENDEE;CN="Golf: beginners":mailto:golf@example.org
END:VEVENT
END:VCALENDAR
`

// The attendee as another library reads it.
func attendee(text string) string {
	decoded, err := ical.NewDecoder(strings.NewReader(text)).Decode()
	if err != nil {
		return "error: " + err.Error()
	}
	property := decoded.Events()[0].Props.Get("ATTENDEE")
	return fmt.Sprintf("%q of %q", property.Value, property.Params.Get("CN"))
}

func main() {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/arran4/golang-ical" {
			fmt.Println("golang-ical", module.Version)
		}
	}
	fmt.Println("Expected: RFC 5545 (3.2): a parameter value with a colon must be quoted, so a copy names golf@example.org as the original does.")
	original := strings.ReplaceAll(calendar, "\n", "\r\n")
	parsed, err := ics.ParseCalendar(strings.NewReader(original))
	if err != nil {
		panic(err)
	}
	copied := parsed.Serialize(ics.WithNewLineWindows)
	line := copied[strings.Index(copied, "ATTENDEE"):]
	line = line[:strings.Index(line, "\r\n")]
	fmt.Printf("Seen: original: %s; copy: %s; written as %s\n", attendee(original), attendee(copied), line)
	if attendee(original) == `"mailto:golf@example.org" of "Golf: beginners"` &&
		attendee(copied) == `" beginners:mailto:golf@example.org" of "Golf\\"` &&
		line == `ATTENDEE;CN=Golf\: beginners:mailto:golf@example.org` {
		fmt.Println("The colon is escaped by a backslash, which iCalendar parameters do not know, and so ends the name.")
		return
	}
	fmt.Println("CHANGED")
	os.Exit(1)
}
GO
go mod tidy >/dev/null 2>&1
go run .
