#!/bin/sh
# calcard: an occurrence of a series that falls into a skipped or repeated hour is placed at that wall time in UTC.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cargo init --quiet --name check --vcs none 2>/dev/null
cargo add --quiet calcard@=0.3.14 --no-default-features

cat >src/main.rs <<'RS'
use calcard::common::timezone::Tz;
use calcard::icalendar::ICalendar;

/// The starts, in UTC, of a daily series of three in New York.
fn starts(first: &str) -> Vec<String> {
    let calendar = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//check//EN\r\nBEGIN:VEVENT\r\nUID:check\r\nDTSTAMP:20260101T000000Z\r\n\
         DTSTART;TZID=America/New_York:{first}\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let expanded = ICalendar::parse(&calendar).unwrap().expand_dates(Tz::UTC, 10);
    assert!(expanded.errors.is_empty());
    expanded.events.iter().map(|event| event.start.naive_utc().format("%d %H:%MZ").to_string()).collect()
}

fn main() {
    println!("calcard 0.3.14");
    println!("Expected: RFC 5545 (3.3.5): 01:30 of 1 November, which is there twice, is the first one, 05:30Z; 02:30 of 8 March is 07:30Z.");
    let repeated = starts("20261031T013000");
    let skipped = starts("20260307T023000");
    println!("Seen: from 31 October, 01:30: {repeated:?} from 7 March, 02:30: {skipped:?}");
    let same = repeated == ["31 05:30Z", "01 01:30Z", "02 06:30Z"] && skipped == ["07 07:30Z", "08 02:30Z", "09 06:30Z"];
    println!("{}", if same { "The lessons of these two nights are on the evening before, four and five hours early." } else { "CHANGED" });
    std::process::exit(if same { 0 } else { 1 });
}
RS
cargo run --quiet
