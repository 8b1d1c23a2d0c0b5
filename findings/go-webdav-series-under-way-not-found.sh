#!/bin/sh
# go-webdav: a query finds a single event that is under way when its range begins, but not an occurrence of a series that is.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init check >/dev/null 2>&1
go get github.com/emersion/go-webdav@v0.6.0 github.com/emersion/go-ical@v0.0.0-20250329121855-f41e73efc392 >/dev/null 2>&1

cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/emersion/go-ical"
	"github.com/emersion/go-webdav/caldav"
)

const calendar = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART:20260601T100000Z
DTEND:20260601T120000Z
%sEND:VEVENT
END:VCALENDAR
`

// Whether a calendar-query of these hours of 1 June finds the event.
func found(rule string, from, to int) bool {
	text := strings.ReplaceAll(fmt.Sprintf(calendar, rule), "\n", "\r\n")
	decoded, err := ical.NewDecoder(strings.NewReader(text)).Decode()
	if err != nil {
		panic(err)
	}
	hour := func(hour int) time.Time { return time.Date(2026, 6, 1, hour, 0, 0, 0, time.UTC) }
	event := caldav.CompFilter{Name: "VEVENT", Start: hour(from), End: hour(to)}
	query := caldav.CompFilter{Name: "VCALENDAR", Comps: []caldav.CompFilter{event}}
	match, err := caldav.Match(query, &caldav.CalendarObject{Path: "/check.ics", Data: decoded})
	if err != nil {
		panic(err)
	}
	return match
}

func main() {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/emersion/go-webdav" {
			fmt.Println("go-webdav", module.Version)
		}
	}
	fmt.Println("Expected: RFC 4791 (9.9): a lesson of 10:00 to 12:00 overlaps 11:00 to 13:00 and not 08:00 to 10:00, in a series too.")
	rule := "RRULE:FREQ=DAILY;COUNT=3\n"
	single := []bool{found("", 11, 13), found("", 8, 10)}
	series := []bool{found(rule, 11, 13), found(rule, 8, 10)}
	fmt.Println("Seen: found from 11 to 13 and from 8 to 10: single event:", single, "first occurrence of a series:", series)
	if single[0] && !single[1] && !series[0] && series[1] {
		fmt.Println("Of a series only the starts count, and the end of the range counts as in it: it is found for the wrong two hours.")
		return
	}
	fmt.Println("CHANGED")
	os.Exit(1)
}
GO
go mod tidy >/dev/null 2>&1
go run .
