#!/bin/sh
# golang-ical: a calendar that is only read and written has one category where it had three, because every comma is escaped.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init check >/dev/null 2>&1
go get github.com/arran4/golang-ical@v0.3.4 >/dev/null 2>&1

cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	ics "github.com/arran4/golang-ical"
)

const event = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//check//EN
BEGIN:VEVENT
UID:check
DTSTAMP:20260101T000000Z
DTSTART:20260601T100000Z
CATEGORIES:lesson\, junior,bay,golf
RESOURCES:mat,screen
RDATE:20260602T100000Z,20260603T100000Z
END:VEVENT
END:VCALENDAR
`

func main() {
	info, _ := debug.ReadBuildInfo()
	fmt.Println("golang-ical", info.Deps[0].Version)
	fmt.Println("Expected: RFC 5545 (3.8.1.2): commas separate the categories, and only one within a name is escaped, so the line stays as it is.")
	read, err := ics.ParseCalendar(strings.NewReader(strings.ReplaceAll(event, "\n", "\r\n")))
	if err != nil {
		panic(err)
	}
	var lines []string
	for line := range strings.FieldsFuncSeq(read.Serialize(), func(r rune) bool { return r == 13 || r == 10 }) {
		if strings.HasPrefix(line, "CATEGORIES") || strings.HasPrefix(line, "R") {
			lines = append(lines, line)
		}
	}
	value := read.Events()[0].GetProperty(ics.ComponentPropertyCategories).Value
	fmt.Printf("Seen: read: %q; written: %q\n", value, lines)
	want := `["CATEGORIES:lesson\\, junior\\,bay\\,golf" "RESOURCES:mat\\,screen" "RDATE:20260602T100000Z,20260603T100000Z"]`
	if value == "lesson, junior,bay,golf" && fmt.Sprintf("%q", lines) == want {
		fmt.Println("The list is read as one text, so which comma was part of a name is lost, and each is escaped when it is written.")
		return
	}
	fmt.Println("CHANGED")
	os.Exit(1)
}
GO
go mod tidy >/dev/null 2>&1
go run .
