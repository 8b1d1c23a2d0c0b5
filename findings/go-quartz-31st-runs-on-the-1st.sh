#!/bin/sh
# go-quartz: a job for the 31st of each month runs on 1 December, after a November without a 31st, and one for 29 February on 1 March.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init check >/dev/null 2>&1
go get github.com/reugn/go-quartz@v0.15.2 >/dev/null 2>&1

cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/reugn/go-quartz/quartz"
)

// runs are the first three runs after noon of a day.
func runs(expression, day string) string {
	trigger, err := quartz.NewCronTriggerWithLoc(expression, time.UTC)
	if err != nil {
		panic(err)
	}
	start, err := time.Parse(time.DateTime, day+" 12:00:00")
	if err != nil {
		panic(err)
	}
	next := start.UnixNano()
	var found []string
	for range 3 {
		if next, err = trigger.NextFireTime(next); err != nil {
			panic(err)
		}
		found = append(found, time.Unix(0, next).UTC().Format(time.DateOnly))
	}
	return strings.Join(found, ", ")
}

func main() {
	info, _ := debug.ReadBuildInfo()
	fmt.Println("go-quartz", info.Deps[0].Version)
	fmt.Println("Expected: months without the day asked for are left out, whichever day the question is from.")
	seen := []string{
		"31st, from 30 October: " + runs("0 0 9 31 * *", "2026-10-30"),
		"31st, from 31 October: " + runs("0 0 9 31 * *", "2026-10-31"),
		"31st, from 31 March: " + runs("0 0 9 31 * *", "2026-03-31"),
		"29 February: " + runs("0 0 9 29 2 *", "2028-02-29"),
	}
	fmt.Printf("Seen: %q\n", seen)
	want := []string{
		"31st, from 30 October: 2026-10-31, 2026-12-31, 2027-01-31",
		"31st, from 31 October: 2026-12-01, 2026-12-31, 2027-01-31",
		"31st, from 31 March: 2026-05-01, 2026-05-31, 2026-07-31",
		"29 February: 2029-03-01, 2030-03-01, 2031-03-01",
	}
	if strings.Join(seen, "\n") == strings.Join(want, "\n") {
		fmt.Println("The answer depends on the day of the question; after a run on the 31st the next is a day that was not asked for.")
		return
	}
	fmt.Println("CHANGED")
	os.Exit(1)
}
GO
go mod tidy >/dev/null 2>&1
go run .
