//! The times of a schedule, as other engines write them. They are written from their values, because each engine has
//! its own abbreviations.

use std::env;
use std::path::Path;

use croner::Cron;

use crate::schedule::Schedule;

const DAYS: [&str; 8] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The loss where the time zone of this machine has no name.
pub(super) const LOCAL: &str = "its times are those of this machine";

/// The fields of a cron expression: seconds, minutes, hours, days, months, days of the week and years. None, if they
/// mean days that depend on the month, such as `L`.
pub(super) fn fields(schedule: &Schedule) -> Option<[String; 7]> {
    let pattern = plain(schedule)?.pattern;
    let restricted = !pattern.is_dom_wildcard() && !pattern.is_dow_wildcard();
    if restricted && pattern.matches_dom_and_dow() {
        return None;
    }
    let [seconds, minutes, hours, months, years] = [
        &pattern.seconds,
        &pattern.minutes,
        &pattern.hours,
        &pattern.months,
        &pattern.years,
    ]
    .map(|field| any_or_list(&field.values(), (field.min, field.max), "-"));
    // Only a `*` is no restriction: with two restrictions, each day of either counts.
    let days = any_or(pattern.is_dom_wildcard(), &pattern.days.values());
    let weekdays = any_or(pattern.is_dow_wildcard(), &pattern.days_of_week.values());
    Some([seconds, minutes, hours, days, months, weekdays, years])
}

/// Values of `OnCalendar=`, of which any counts. None, as above.
pub(super) fn calendar(schedule: &Schedule) -> Option<Vec<String>> {
    let pattern = plain(schedule)?.pattern;
    let [seconds, minutes, hours, days, months, years] = [
        &pattern.seconds,
        &pattern.minutes,
        &pattern.hours,
        &pattern.days,
        &pattern.months,
        &pattern.years,
    ]
    .map(|field| any_or_list(&field.values(), (field.min, field.max), ".."));
    let weekdays = pattern.days_of_week.values().into_iter();
    let weekdays: Vec<_> = weekdays.map(|day| DAYS[usize::from(day) % 7]).collect();
    let weekdays = weekdays.join(",") + " ";
    let at = |weekdays: &str, days: &str| {
        format!("{weekdays}{years}-{months}-{days} {hours}:{minutes}:{seconds}")
    };
    Some(
        match (pattern.is_dom_wildcard(), pattern.is_dow_wildcard()) {
            (_, true) => vec![at("", &days)],
            (true, false) => vec![at(&weekdays, "*")],
            (false, false) if pattern.matches_dom_and_dow() => vec![at(&weekdays, &days)],
            // In cron one of the two is enough, but systemd asks for both.
            (false, false) => vec![at("", &days), at(&weekdays, "*")],
        },
    )
}

/// An expression whose days do not depend on the month.
fn plain(schedule: &Schedule) -> Option<Cron> {
    let cron = schedule.cron()?;
    let [days, weekdays] = [&cron.pattern.days, &cron.pattern.days_of_week];
    (!days.has_modifiers() && !weekdays.has_modifiers()).then_some(cron)
}

fn any_or(is_any: bool, values: &[u16]) -> String {
    if is_any {
        "*".to_owned()
    } else {
        list(values, "-")
    }
}

/// `*` if the values are all that there are.
fn any_or_list(values: &[u16], all: (u16, u16), to: &str) -> String {
    if ranges(values) == [all] {
        "*".to_owned()
    } else {
        list(values, to)
    }
}

/// Numbers, and ranges of them.
fn list(values: &[u16], to: &str) -> String {
    let range = |(first, last): &(u16, u16)| {
        if first == last {
            first.to_string()
        } else {
            format!("{first}{to}{last}")
        }
    };
    let ranges: Vec<_> = ranges(values).iter().map(range).collect();
    ranges.join(",")
}

fn ranges(values: &[u16]) -> Vec<(u16, u16)> {
    let mut ranges: Vec<(u16, u16)> = vec![];
    for &value in values {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == value => *last = value,
            _ => ranges.push((value, value)),
        }
    }
    ranges
}

/// The name of this machine's time zone, if it has one.
pub(super) fn zone() -> Option<String> {
    match env::var("TZ") {
        Ok(zone) if !zone.is_empty() => {
            let zone = zone.trim_start_matches(':');
            let file = Path::new("/usr/share/zoneinfo").join(zone);
            (file.is_file() && !zone.starts_with('/')).then(|| zone.to_owned())
        }
        _ => iana_time_zone::get_timezone().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_for_each_engine() {
        for (cron, on_calendar, expression) in [
            ("*/20 * * * *", "*-*-* *:0,20,40:0", "0 0,20,40 * * * * *"),
            ("@daily", "*-*-* 0:0:0", "0 0 0 * * * *"),
            (
                "30 5 3 1-7,15 jan *",
                "*-1-1..7,15 3:5:30",
                "30 5 3 1-7,15 1 * *",
            ),
            (
                "0 3 * * MON-WED",
                "Mon,Tue,Wed *-*-* 3:0:0",
                "0 0 3 * * 1-3 *",
            ),
            ("0 3 * * 7", "Sun *-*-* 3:0:0", "0 0 3 * * 0 *"),
        ] {
            let schedule: Schedule = cron.parse().unwrap();
            assert_eq!(calendar(&schedule).unwrap(), [on_calendar]);
            assert_eq!(fields(&schedule).unwrap().join(" "), expression);
        }
        let either: Schedule = "0 3 13 * FRI".parse().unwrap();
        assert_eq!(
            calendar(&either).unwrap(),
            ["*-*-13 3:0:0", "Fri *-*-* 3:0:0"]
        );
        for last in ["0 3 L * *", "0 3 * * FRI#2", "0 3 15W * *"] {
            let schedule: Schedule = last.parse().unwrap();
            assert_eq!((calendar(&schedule), fields(&schedule)), (None, None));
        }
    }
}
