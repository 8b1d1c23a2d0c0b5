#!/bin/sh
# rrule-go: an occurrence in a clock-change gap moves an hour forward in Berlin, but an hour back in New York.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init check >/dev/null 2>&1
go get github.com/teambition/rrule-go@v1.8.2 >/dev/null 2>&1

cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	_ "time/tzdata"

	"github.com/teambition/rrule-go"
)

func starts(dtstart string) string {
	set, err := rrule.StrToRRuleSet("DTSTART;TZID=" + dtstart + "\nRRULE:FREQ=DAILY;COUNT=3")
	if err != nil {
		panic(err)
	}
	var found []string
	for _, start := range set.All() {
		found = append(found, start.Format("02 15:04-07:00"))
	}
	return strings.Join(found, ", ")
}

func main() {
	info, _ := debug.ReadBuildInfo()
	fmt.Println("rrule-go", info.Deps[0].Version)
	fmt.Println("Expected: an occurrence of 02:30 in the gap of 02:00 to 03:00 is left out (RFC 5545, 3.3.10) or at 03:30 (3.3.5), in both zones.")
	berlin := starts("Europe/Berlin:20260328T023000")
	newYork := starts("America/New_York:20260307T023000")
	fmt.Printf("Seen: Berlin: %s; New York: %s\n", berlin, newYork)
	if berlin == "28 02:30+01:00, 29 03:30+02:00, 30 02:30+02:00" && newYork == "07 02:30-05:00, 08 01:30-05:00, 09 02:30-04:00" {
		fmt.Println("In New York the occurrence is at 01:30, before the gap, which neither section allows.")
		return
	}
	fmt.Println("CHANGED")
	os.Exit(1)
}
GO
go mod tidy >/dev/null 2>&1
go run .
