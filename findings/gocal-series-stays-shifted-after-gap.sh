#!/bin/sh
# gocal: after an occurrence in a clock-change gap, a one-hour series stays an hour early and lasts two hours.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init check >/dev/null 2>&1
go get github.com/apognu/gocal@v0.9.1 >/dev/null 2>&1

cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"
	_ "time/tzdata"

	"github.com/apognu/gocal"
)

const calendar = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART;TZID=America/New_York:20260307T023000
DTEND;TZID=America/New_York:20260307T033000
RRULE:FREQ=DAILY;COUNT=60
END:VEVENT
END:VCALENDAR
`

// The occurrences of the two days from the given day of 2026.
func occurrences(month time.Month, day int) string {
	start := time.Date(2026, month, day, 0, 0, 0, 0, time.UTC)
	end := start.AddDate(0, 0, 2)
	parser := gocal.NewParser(strings.NewReader(strings.ReplaceAll(calendar, "\n", "\r\n")))
	parser.Start, parser.End = &start, &end
	if err := parser.Parse(); err != nil {
		panic(err)
	}
	var found []string
	for _, event := range parser.Events {
		found = append(found, event.Start.Format("02 15:04-")+event.End.Format("15:04"))
	}
	return strings.Join(found, ", ")
}

func main() {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/apognu/gocal" {
			fmt.Println("gocal", module.Version)
		}
	}
	fmt.Println("Expected: RFC 5545 (3.8.5.3): 02:30 to 03:30 in New York on each day that has these times, also after 8 March, whose 02:30 is skipped.")
	march, april := occurrences(time.March, 7), occurrences(time.April, 7)
	fmt.Printf("Seen: from 7 March: %s; from 7 April: %s\n", march, april)
	if march == "07 02:30-03:30, 08 01:30-03:30" && april == "07 01:30-03:30, 08 01:30-03:30" {
		fmt.Println("Each start is counted from the one before, so the shift of 8 March stays for the rest of the series.")
		return
	}
	fmt.Println("CHANGED")
	os.Exit(1)
}
GO
go mod tidy >/dev/null 2>&1
go run .
