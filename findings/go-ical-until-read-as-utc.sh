#!/bin/sh
# go-ical: the last day of an all-day series that ends by UNTIL is missing, if the caller's zone is west of Greenwich.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init check >/dev/null 2>&1
go get github.com/emersion/go-ical@v0.0.0-20250329121855-f41e73efc392 >/dev/null 2>&1

cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"
	_ "time/tzdata"

	"github.com/emersion/go-ical"
)

const calendar = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20260601
RRULE:FREQ=DAILY;%s
END:VEVENT
END:VCALENDAR
`

// The days of the series, for a caller in the zone.
func days(zone, bound string) string {
	location, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	text := strings.ReplaceAll(fmt.Sprintf(calendar, bound), "\n", "\r\n")
	decoded, err := ical.NewDecoder(strings.NewReader(text)).Decode()
	if err != nil {
		panic(err)
	}
	event := decoded.Events()[0]
	set, err := event.RecurrenceSet(location)
	if err != nil {
		panic(err)
	}
	var found []string
	for _, start := range set.All() {
		found = append(found, start.Format("Jan 2"))
	}
	return strings.Join(found, ", ")
}

func main() {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/emersion/go-ical" {
			fmt.Println("go-ical", module.Version)
		}
	}
	fmt.Println("Expected: RFC 5545 (3.3.10): UNTIL is inclusive and here a date like DTSTART, so the days are 1, 2 and 3 June in any zone.")
	newYork := days("America/New_York", "UNTIL=20260603")
	count := days("America/New_York", "COUNT=3")
	berlin := days("Europe/Berlin", "UNTIL=20260603")
	fmt.Printf("Seen: New York: %s; New York with COUNT=3: %s; Berlin: %s\n", newYork, count, berlin)
	if newYork == "Jun 1, Jun 2" && count == "Jun 1, Jun 2, Jun 3" && berlin == count {
		fmt.Println("DTSTART is midnight of the caller's zone, but UNTIL midnight in UTC, which is before it in New York.")
		return
	}
	fmt.Println("CHANGED")
	os.Exit(1)
}
GO
go mod tidy >/dev/null 2>&1
go run .
