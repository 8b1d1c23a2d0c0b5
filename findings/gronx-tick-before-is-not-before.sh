#!/bin/sh
# gronx: in a repeated hour PrevTickBefore answers the time that it was given, and NextTickAfter leaves out the second tick.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init check >/dev/null 2>&1
go get github.com/adhocore/gronx@v1.20.4 >/dev/null 2>&1

cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"
	_ "time/tzdata"

	"github.com/adhocore/gronx"
)

type step func(expression string, from time.Time, inclusive bool) (time.Time, error)

// ticks are the three ticks of 23:00 in Beirut, where 23:00 to 24:00 of 24 October 2026 is repeated, from a time on.
func ticks(tick step, from string) string {
	beirut, err := time.LoadLocation("Asia/Beirut")
	if err != nil {
		panic(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", from, beirut)
	if err != nil {
		panic(err)
	}
	var found []string
	for range 3 {
		if at, err = tick("0 23 * * *", at, false); err != nil {
			panic(err)
		}
		found = append(found, at.Format("02 15:04Z07"))
	}
	return strings.Join(found, ", ")
}

func main() {
	info, _ := debug.ReadBuildInfo()
	fmt.Println("gronx", info.Deps[0].Version)
	fmt.Println("Expected: without its own time, the tick before a time is earlier than it, and stepping back meets the ticks of stepping forward.")
	forward := ticks(gronx.NextTickAfter, "2026-10-23 12:00")
	back := ticks(gronx.PrevTickBefore, "2026-10-25 12:00")
	fmt.Println("Seen: forward from 23 October:", forward, "back from 25 October:", back)
	if forward == "23 23:00+03, 24 23:00+02, 25 23:00+02" && back == "24 23:00+02, 24 23:00+02, 24 23:00+02" {
		fmt.Println("Forward, the first 23:00 of 24 October is left out; back, the second one is before itself, so no earlier tick is ever reached.")
		return
	}
	fmt.Println("CHANGED")
	os.Exit(1)
}
GO
go mod tidy >/dev/null 2>&1
go run .
