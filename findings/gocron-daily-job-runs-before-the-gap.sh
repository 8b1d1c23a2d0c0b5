#!/bin/sh
# gocron: a daily job at a time that the clock skips runs an hour early, and the same job as a cron expression not at all on that day.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
go mod init check >/dev/null 2>&1
go get github.com/go-co-op/gocron/v2@v2.21.2 github.com/jonboulle/clockwork@v0.5.0 >/dev/null 2>&1

cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"
	_ "time/tzdata"

	"github.com/go-co-op/gocron/v2"
	"github.com/jonboulle/clockwork"
)

// runs are the first two runs after noon of 7 March 2026 in New York.
func runs(definition gocron.JobDefinition) string {
	location, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	clock := clockwork.NewFakeClockAt(time.Date(2026, 3, 7, 12, 0, 0, 0, location))
	scheduler, err := gocron.NewScheduler(gocron.WithLocation(location), gocron.WithClock(clock))
	if err != nil {
		panic(err)
	}
	job, err := scheduler.NewJob(definition, gocron.NewTask(func() {}))
	if err != nil {
		panic(err)
	}
	scheduler.Start()
	found, err := job.NextRuns(2)
	if err != nil {
		panic(err)
	}
	var texts []string
	for _, run := range found {
		texts = append(texts, run.In(location).Format("02 15:04Z07"))
	}
	return strings.Join(texts, ", ")
}

func main() {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if strings.Contains(module.Path, "gocron") {
			fmt.Println("gocron", module.Version)
		}
	}
	fmt.Println("Expected: New York goes from 02:00 to 03:00 on 8 March; a job at 02:30 runs then at 03:30, or not, in both ways to say it.")
	daily := runs(gocron.DailyJob(1, gocron.NewAtTimes(gocron.NewAtTime(2, 30, 0))))
	expression := runs(gocron.CronJob("30 2 * * *", false))
	fmt.Printf("Seen: DailyJob: %s; CronJob: %s\n", daily, expression)
	if daily == "08 01:30-05, 09 02:30-04" && expression == "09 02:30-04, 10 02:30-04" {
		fmt.Println("The daily job runs before the time it was asked for, and the expression leaves out the day.")
		return
	}
	fmt.Println("CHANGED")
	os.Exit(1)
}
GO
go mod tidy >/dev/null 2>&1
go run .
