#!/bin/sh
# calcard: an occurrence that was moved into another time zone becomes, in JSCalendar, one at that wall time in the zone of the series.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cargo init --quiet --name check --vcs none 2>/dev/null
cargo add --quiet calcard@=0.3.14 

cat >src/main.rs <<'RS'
use calcard::icalendar::ICalendar;

/// A series of evenings in New York whose second one was moved to the given start, as JSON without white space.
fn converted(start: &str) -> String {
    let calendar = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//check//EN\r\nBEGIN:VEVENT\r\nUID:check\r\nDTSTAMP:20260101T000000Z\r\n\
         DTSTART;TZID=America/New_York:20260601T200000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEND:VEVENT\r\n\
         BEGIN:VEVENT\r\nUID:check\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID;TZID=America/New_York:20260602T200000\r\n\
         DTSTART{start}\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let json = ICalendar::parse(&calendar).unwrap().into_jscalendar::<String, String>().to_string_pretty();
    json.split_whitespace().collect()
}

fn main() {
    println!("calcard 0.3.14");
    println!("Expected: 20:00 in Berlin is 14:00 in New York: the change has that start, or names its zone, as RFC 8984 (4.3.5) lets it.");
    let berlin = converted(";TZID=Europe/Berlin:20260605T200000");
    let new_york = converted(";TZID=America/New_York:20260605T200000");
    let same_start = r#""start":"2026-06-05T20:00:00""#;
    println!(
        "Seen: moved to 20:00 in Berlin: has {same_start}: {}, names Berlin: {}; moved to 20:00 in New York: has {same_start}: {}",
        berlin.contains(same_start), berlin.contains("Berlin"), new_york.contains(same_start)
    );
    let same = berlin.contains(same_start) && !berlin.contains("Berlin") && new_york.contains(same_start);
    println!("{}", if same { "The lesson is six hours late, and the zone is nowhere in the result." } else { "CHANGED" });
    std::process::exit(if same { 0 } else { 1 });
}
RS
cargo run --quiet
