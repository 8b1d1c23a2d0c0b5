#!/bin/sh
# cron (Rust): in a repeated hour the runs of a half-hourly job come out of order; asked for one at a time, the second hour is left out.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cargo init --quiet --name check --vcs none 2>/dev/null
cargo add --quiet cron@=0.17.0 chrono@=0.4.45 chrono-tz@=0.10.4

cat >src/main.rs <<'RS'
use chrono::{DateTime, TimeZone};
use chrono_tz::America::New_York;
use cron::Schedule;

fn utc(at: &DateTime<chrono_tz::Tz>) -> String {
    at.to_utc().format("%H:%M").to_string()
}

fn main() {
    println!("cron 0.17.0");
    println!("Expected: after() yields later and later runs; in New York 01:00 to 02:00 of 1 November 2026 is at 05:00Z and again at 06:00Z.");
    let schedule: Schedule = "0 */30 * * * *".parse().unwrap();
    let midnight = New_York.with_ymd_and_hms(2026, 11, 1, 0, 10, 0).unwrap();
    let listed: Vec<String> = schedule.after(&midnight).take(6).map(|at| utc(&at)).collect();
    let mut at = midnight;
    let mut asked = Vec::new();
    for _ in 0..6 {
        at = schedule.after(&at).next().unwrap();
        asked.push(utc(&at));
    }
    println!("Seen: from one iterator: {listed:?} one at a time: {asked:?}");
    let same = listed == ["04:30", "05:00", "06:00", "05:30", "06:30", "07:00"]
        && asked == ["04:30", "05:00", "05:30", "07:00", "07:30", "08:00"];
    println!("{}", if same { "A loop over the iterator runs late, and one that asks for the next run each time sleeps for 90 minutes." } else { "CHANGED" });
    std::process::exit(if same { 0 } else { 1 });
}
RS
cargo run --quiet
