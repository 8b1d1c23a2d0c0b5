#!/bin/sh
# calcard: the UTC time of UNTIL is compared with wall times, so a series in Auckland loses its last lesson, and one in New York gains one.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cargo init --quiet --name check --vcs none 2>/dev/null
cargo add --quiet calcard@=0.3.14 --no-default-features

cat >src/main.rs <<'RS'
use calcard::common::timezone::Tz;
use calcard::icalendar::ICalendar;

/// The starts of a daily series, in its own zone.
fn starts(dtstart: &str, until: &str) -> Vec<String> {
    let calendar = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//check//EN\r\nBEGIN:VEVENT\r\nUID:check\r\nDTSTAMP:20260101T000000Z\r\n\
         DTSTART;TZID={dtstart}\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;UNTIL={until}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let expanded = ICalendar::parse(&calendar).unwrap().expand_dates(Tz::UTC, 10);
    assert!(expanded.errors.is_empty());
    expanded.events.iter().map(|event| event.start.naive_local().format("%d %H:%M").to_string()).collect()
}

fn main() {
    println!("calcard 0.3.14");
    println!("Expected: RFC 5545 (3.3.10): UNTIL bounds inclusively; 21:00Z of 2 June is 09:00 of 3 June in Auckland, 20:00Z of 2 June is 16:00 in New York.");
    let auckland = starts("Pacific/Auckland:20260601T090000", "20260602T210000Z");
    let new_york = starts("America/New_York:20260601T180000", "20260602T200000Z");
    println!("Seen: daily at 09:00 in Auckland: {auckland:?} daily at 18:00 in New York: {new_york:?}");
    let same = auckland == ["01 09:00", "02 09:00"] && new_york == ["01 18:00", "02 18:00"];
    println!("{}", if same { "Right would be three lessons in Auckland and one in New York." } else { "CHANGED" });
    std::process::exit(if same { 0 } else { 1 });
}
RS
cargo run --quiet
