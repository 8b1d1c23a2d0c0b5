#!/bin/sh
# netresearch/go-cron: a job in a skipped hour runs after the gap, unless the gap is at midnight; and in a repeated hour it runs twice.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init check >/dev/null 2>&1
go get github.com/netresearch/go-cron@v0.9.1 >/dev/null 2>&1

cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"
	_ "time/tzdata"

	"github.com/netresearch/go-cron"
)

// runs are the first three runs of a daily job after noon of a day.
func runs(expression, zone, day string) string {
	location, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	next, err := time.ParseInLocation("2006-01-02 15:04", day+" 12:00", location)
	if err != nil {
		panic(err)
	}
	schedule, err := cron.ParseStandard(expression)
	if err != nil {
		panic(err)
	}
	var found []string
	for range 3 {
		next = schedule.Next(next)
		found = append(found, next.Format("02 15:04Z07"))
	}
	return strings.Join(found, ", ")
}

func main() {
	info, _ := debug.ReadBuildInfo()
	fmt.Println("go-cron", info.Deps[0].Version)
	fmt.Println("Expected: as its documentation says: a skipped job runs at once after the change, also at midnight, and a repeated one runs once.")
	seen := []string{
		"02:30 skipped in New York: " + runs("30 2 * * *", "America/New_York", "2026-03-07"),
		"00:00 skipped in Cairo: " + runs("0 0 * * *", "Africa/Cairo", "2026-04-23"),
		"00:30 skipped in Santiago: " + runs("30 0 * * *", "America/Santiago", "2026-09-05"),
		"01:30 repeated in New York: " + runs("30 1 * * *", "America/New_York", "2026-10-31"),
	}
	fmt.Printf("Seen: %q\n", seen)
	want := []string{
		"02:30 skipped in New York: 08 03:30-04, 09 02:30-04, 10 02:30-04",
		"00:00 skipped in Cairo: 25 00:00+03, 26 00:00+03, 27 00:00+03",
		"00:30 skipped in Santiago: 07 00:30-03, 08 00:30-03, 09 00:30-03",
		"01:30 repeated in New York: 01 01:30-04, 01 01:30-05, 02 01:30-05",
	}
	if strings.Join(seen, "\n") == strings.Join(want, "\n") {
		fmt.Println("In Cairo and Santiago the job does not run on the day of the change; in New York it runs twice in the autumn.")
		return
	}
	fmt.Println("CHANGED")
	os.Exit(1)
}
GO
go mod tidy >/dev/null 2>&1
go run .
