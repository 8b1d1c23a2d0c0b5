#!/bin/sh
# icalendar (Rust): a calendar with an alarm is written differently each time, since the alarm gets a new random UID and the time of writing.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cargo init --quiet --name check --vcs none 2>/dev/null
cargo add --quiet icalendar@=0.17.17

cat >src/main.rs <<'RS'
use icalendar::Calendar;

/// An event with the given lines, read from another program's calendar.
fn read(lines: &str) -> Calendar {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//check//EN\r\nBEGIN:VEVENT\r\nUID:check\r\nDTSTAMP:20260101T000000Z\r\n\
         DTSTART:20260601T100000Z\r\nSUMMARY:golf\r\n{lines}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    .parse()
    .unwrap()
}

fn lines(calendar: &Calendar, name: &str) -> usize {
    calendar.to_string().lines().filter(|line| line.starts_with(name)).count()
}

fn main() {
    println!("icalendar 0.17.17");
    println!("Expected: a calendar that was not changed is written as the same text twice, so a hash or ETag of it tells whether it changed.");
    let plain = read("");
    let alarm = read("BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:golf\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n");
    let equal = (plain.to_string() == plain.to_string(), alarm.to_string() == alarm.to_string());
    let counts = (lines(&alarm, "UID:"), lines(&alarm, "DTSTAMP:"));
    println!("Seen: equal without an alarm: {}, with one: {}; lines of UID and DTSTAMP with one: {counts:?}", equal.0, equal.1);
    let same = equal == (true, false) && counts == (2, 2);
    println!("{}", if same { "A client that compares what is stored with what it would write always finds a change." } else { "CHANGED" });
    std::process::exit(if same { 0 } else { 1 });
}
RS
cargo run --quiet
