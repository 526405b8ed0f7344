//! A metric: a path, a number and a time. A batch has the metrics of one run of a collector.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// One number from a collector.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The path after that of the machine: `cpu.total.idle`.
    pub name: Box<str>,
    /// The number, which is finite.
    pub value: f64,
    /// The number of digits after the point.
    pub precision: u8,
    /// Seconds of Unix time.
    pub time: u64,
}

/// Why a text is not a metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoMetric(String);

impl fmt::Display for NoMetric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoMetric {}

impl Sample {
    /// A sample. Blanks and control characters in the name become `_`.
    ///
    /// # Errors
    /// If the name has an empty part, or the value is not finite.
    pub fn new(name: &str, value: f64, precision: u8, time: u64) -> Result<Self, NoMetric> {
        if name.split('.').any(str::is_empty) {
            return Err(NoMetric(format!("`{name}` has an empty part")));
        }
        if !value.is_finite() {
            return Err(NoMetric(format!(
                "`{name}` is {value}, not a finite number"
            )));
        }
        let is_bad = |c: char| c.is_whitespace() || c.is_control();
        let name = name.replace(is_bad, "_").into();
        Ok(Self {
            name,
            value,
            precision,
            time,
        })
    }

    /// Reads `name value`, or `name value time`.
    ///
    /// ```
    /// # use collect::metric::Sample;
    /// let sample = Sample::parse("queue.length 7.25 1700000000", 0).unwrap();
    /// assert_eq!((sample.value, sample.precision, sample.time), (7.25, 2, 1_700_000_000));
    /// assert!(Sample::parse("queue.length seven", 0).is_err());
    /// ```
    ///
    /// # Errors
    /// If the line is something else.
    pub fn parse(line: &str, now: u64) -> Result<Self, NoMetric> {
        let no = |why: &str| NoMetric(format!("{:?} {why}", shortened(line)));
        let words: Vec<_> = line.split_ascii_whitespace().collect();
        let (name, value, time) = match words[..] {
            [name, value] => (name, value, now),
            [name, value, time] => {
                let time: f64 = time
                    .parse()
                    .map_err(|_| no("has a time that is no number"))?;
                if !(0.0..1e12).contains(&time) {
                    return Err(no("has a time that is out of range"));
                }
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                (name, value, time as u64)
            }
            _ => return Err(no("is not `name value [time]`")),
        };
        let number = value
            .parse()
            .map_err(|_| no("has a value that is no number"))?;
        Self::new(name, number, digits(value), time)
    }
}

/// The number of digits after the point, as written.
fn digits(number: &str) -> u8 {
    if number.contains(['e', 'E']) {
        return 6;
    }
    let digits = number.split_once('.').map_or(0, |(_, digits)| digits.len());
    u8::try_from(digits.min(9)).unwrap_or(9)
}

/// The start of a foreign text, for a message.
pub(crate) fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

/// A text as one part of a name: `/var/log` is `_var_log`.
#[must_use]
pub fn part(text: &str) -> String {
    let is_good = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    text.chars()
        .map(|c| if is_good(c) { c } else { '_' })
        .collect()
}

/// The samples of one run of a collector.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// The host name, as configured.
    pub host: String,
    /// The prefix of each name: `servers.web1`. It may be empty.
    pub prefix: String,
    /// How long the samples are valid.
    pub ttl: Duration,
    /// The samples.
    pub samples: Vec<Sample>,
}

impl Batch {
    /// The samples as metrics, with the prefix.
    pub fn metrics(&self) -> impl Iterator<Item = Metric<'_>> {
        self.samples.iter().map(|sample| Metric {
            batch: self,
            sample,
        })
    }
}

/// One sample of a batch. It is displayed as a line for Graphite: `servers.web1.cpu.total.idle 98.2
/// 1700000000`.
#[derive(Debug, Clone, Copy)]
pub struct Metric<'a> {
    /// The batch that it is from.
    pub batch: &'a Batch,
    /// The number.
    pub sample: &'a Sample,
}

impl Metric<'_> {
    /// The whole path.
    #[must_use]
    pub fn path(&self) -> String {
        if self.batch.prefix.is_empty() {
            return self.sample.name.to_string();
        }
        [&self.batch.prefix, ".", &self.sample.name].concat()
    }
}

impl fmt::Display for Metric<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.batch.prefix.is_empty() {
            f.write_str(&self.batch.prefix)?;
            f.write_str(".")?;
        }
        let Sample {
            name,
            value,
            precision,
            time,
        } = self.sample;
        write!(f, "{name} {value:.*} {time}", usize::from(*precision))
    }
}

/// Seconds of Unix time.
#[must_use]
pub fn unix_time(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(prefix: &str, sample: &Sample) -> String {
        let batch = Batch {
            host: "web1".into(),
            prefix: prefix.into(),
            ttl: Duration::ZERO,
            samples: vec![],
        };
        Metric {
            batch: &batch,
            sample,
        }
        .to_string()
    }

    #[test]
    fn a_metric_is_shown_as_graphite_reads_it_and_parsed_back() {
        let sample = Sample::new("cpu.total.idle", 98.26, 1, 1_700_000_000).unwrap();
        assert_eq!(
            shown("servers.web1", &sample),
            "servers.web1.cpu.total.idle 98.3 1700000000"
        );
        assert_eq!(shown("", &sample), "cpu.total.idle 98.3 1700000000");
        let again = Sample::parse("cpu.total.idle 98.26 1700000000", 0).unwrap();
        assert_eq!((again.value, again.precision), (98.26, 2));
    }

    #[test]
    fn precision_0_rounds_and_large_numbers_keep_all_digits() {
        let sample = Sample::new("a", 2.6, 0, 7).unwrap();
        assert_eq!(shown("", &sample), "a 3 7");
        let sample = Sample::new("a", 1_099_511_627_776.0, 0, 7).unwrap();
        assert_eq!(shown("", &sample), "a 1099511627776 7");
    }

    #[test]
    fn what_is_no_number_is_no_metric() {
        for value in [f64::NAN, f64::INFINITY] {
            assert!(Sample::new("a", value, 0, 7).is_err());
        }
        for line in [
            "",
            "a",
            "a b",
            "a NaN",
            "a inf",
            "a 1 b",
            "a 1 -2",
            "a 1 2 3",
            "a..b 1",
            ".a 1",
            "a 1 1e300",
        ] {
            assert!(Sample::parse(line, 7).is_err(), "{line}");
        }
    }

    #[test]
    fn names_hold_no_blanks() {
        assert_eq!(&*Sample::new("a b\n.c", 1.0, 0, 7).unwrap().name, "a_b_.c");
        assert_eq!(part("/var/log x.y"), "_var_log_x_y");
    }
}
