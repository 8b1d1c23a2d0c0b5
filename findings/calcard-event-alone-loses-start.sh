#!/bin/sh
# calcard: a JSCalendar event on its own becomes an iCalendar event without DTSTART; the same event in a group keeps it.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cargo init --quiet --name check --vcs none 2>/dev/null
cargo add --quiet calcard@=0.3.14 

cat >src/main.rs <<'RS'
use calcard::jscalendar::JSCalendar;

const EVENT: &str = r#"{"@type": "Event", "uid": "check", "updated": "2026-01-01T00:00:00Z", "title": "golf",
    "start": "2026-06-01T20:00:00", "timeZone": "America/New_York", "duration": "PT1H"}"#;

/// The names and values of DTSTART, DURATION and SUMMARY after the conversion.
fn converted(json: &str) -> Vec<String> {
    let calendar = JSCalendar::<String, String>::parse(json).unwrap().into_icalendar().unwrap().to_string();
    let mut lines: Vec<String> = calendar
        .lines()
        .filter(|line| ["DTSTART", "DURATION", "SUMMARY"].iter().any(|name| line.starts_with(name)))
        .map(str::to_owned)
        .collect();
    lines.sort();
    lines
}

fn main() {
    println!("calcard 0.3.14");
    println!("Expected: RFC 8984 (2.1, 2.3): an Event is an object of its own, and a Group is a set of them, so both convert alike.");
    let alone = converted(EVENT);
    let in_group = converted(&format!(r#"{{"@type": "Group", "uid": "group", "updated": "2026-01-01T00:00:00Z", "entries": [{EVENT}]}}"#));
    println!("Seen: alone: {alone:?} in a group: {in_group:?}");
    let same = alone == ["DURATION:PT1H", "SUMMARY:golf"]
        && in_group == ["DTSTART;TZID=America/New_York:20260601T200000", "DURATION:PT1H", "SUMMARY:golf"];
    println!("{}", if same { "Only the start and its zone are missing, without an error." } else { "CHANGED" });
    std::process::exit(if same { 0 } else { 1 });
}
RS
cargo run --quiet
