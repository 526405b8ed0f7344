//! A configured collector: the prefix of its metrics, its filter, and its schedule. Everything that
//! follows from the configuration is a lazy property, and is cleared when the configuration is read
//! again.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lazy_prop::lazy;
use regex::Regex;
use serde::Deserialize;
use toml::Spanned;

use crate::child::{self, End};
use crate::collector::{AnyCollector, Counters, Machine, Moment, Problem, Run, panic_text};
use crate::config::{Fault, Seconds, Section, both};
use crate::kind::kind_of;
use crate::metric::{Batch, Sample, part};

/// The settings of every collector, beside those of its kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether it is enabled.
    pub enabled: bool,
    /// The seconds from one run to the next.
    pub interval: Seconds,
    /// It runs at most this many seconds after the start of its window. The default is a tenth of
    /// the interval, but no more than a second.
    pub splay: Option<f64>,
    /// The way to find the host name.
    pub hostname_method: Naming,
    /// The host name, or the command that prints it.
    pub hostname: Option<String>,
    /// The first part of the path.
    pub path_prefix: String,
    /// The part of the path after the host name.
    pub path_suffix: String,
    /// The part of the path before the metric names. The default is the collector's name.
    pub path: Option<String>,
    /// Keep only metrics that this regular expression matches.
    pub allow: Option<Spanned<String>>,
    /// Drop metrics that this one matches.
    pub deny: Option<Spanned<String>>,
    /// The number of intervals for which a metric is valid.
    pub ttl_multiplier: f64,
}

impl Settings {
    const KEYS: [&str; 11] = [
        "enabled",
        "interval",
        "splay",
        "hostname_method",
        "hostname",
        "path_prefix",
        "path_suffix",
        "path",
        "allow",
        "deny",
        "ttl_multiplier",
    ];
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            enabled: false,
            interval: Seconds(60.0),
            splay: None,
            hostname_method: Naming::Short,
            hostname: None,
            path_prefix: "servers".into(),
            path_suffix: String::new(),
            path: None,
            allow: None,
            deny: None,
            ttl_multiplier: 2.0,
        }
    }
}

/// The ways to find the host name. Diamond's words mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Naming {
    /// The name up to the first dot.
    #[serde(
        alias = "smart",
        alias = "fqdn_short",
        alias = "uname_short",
        alias = "hostname_short"
    )]
    Short,
    /// The name, with `_` for each dot.
    #[serde(alias = "fqdn", alias = "hostname")]
    Full,
    /// The parts of the name in reverse order.
    #[serde(alias = "fqdn_rev", alias = "uname_rev", alias = "hostname_rev")]
    Reverse,
    /// The output of the command `hostname`.
    Shell,
    /// No host name.
    None,
}

/// A configured collector.
#[lazy]
pub struct Source {
    name: String,
    section: Section,
    settings: Settings,
    collector: Box<dyn AnyCollector>,
    counters: Counters,
}

#[lazy]
impl Source {
    /// A source with the settings of its section.
    ///
    /// # Errors
    /// Every mistake in the section.
    pub fn new(section: &Section) -> Result<Self, Vec<Fault>> {
        let kind =
            kind_of::<dyn AnyCollector>(section, "collector").map_err(|fault| vec![fault])?;
        let (common, rest) = section.clone().split(&Settings::KEYS);
        let settings =
            common
                .read::<Settings>()
                .and_then(|settings| match Filter::new(&settings) {
                    Ok(_) => Ok(settings),
                    Err(fault) => Err(vec![fault]),
                });
        let (settings, collector) = both(settings, (kind.make)(&rest))?;
        let (name, section) = (section.name.clone(), section.clone());
        Ok(Self {
            name,
            section,
            settings,
            collector,
            counters: Counters::new(),
        })
    }

    /// Its name in the configuration.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its section.
    #[must_use]
    pub fn section(&self) -> &Section {
        &self.section
    }

    /// Its settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Takes a new section with the same name. The counters stay, and the properties that follow
    /// from the settings are cleared.
    ///
    /// # Errors
    /// Every mistake in the section. Then nothing changes.
    pub fn reload(&mut self, section: &Section) -> Result<(), Vec<Fault>> {
        if *section == self.section {
            return Ok(());
        }
        // Mistakes are found before anything changes.
        let new = Self::new(section)?;
        let (_, rest) = section.clone().split(&Settings::KEYS);
        self.collector.reload(&rest)?;
        self.settings = new.settings;
        self.section = section.clone();
        Ok(())
    }

    /// The host name. An error is not kept, so the next read tries again.
    #[lazy]
    pub fn host(&self) -> Result<&str, Problem> {
        let settings = &self.settings;
        if settings.hostname_method == Naming::Shell {
            return said_by(settings.hostname.as_deref().unwrap_or("hostname"));
        }
        let name = match &settings.hostname {
            Some(name) => return Ok(name.clone()),
            None => rustix::system::uname()
                .nodename()
                .to_string_lossy()
                .into_owned(),
        };
        if name.is_empty() {
            return Err("the machine has no name".into());
        }
        Ok(match settings.hostname_method {
            Naming::Short => part(name.split('.').next().unwrap_or_default()),
            Naming::Reverse => name.split('.').rev().collect::<Vec<_>>().join("."),
            _ => name.replace('.', "_"),
        })
    }

    /// The prefix of all metrics: `servers.web1`.
    #[lazy]
    pub fn prefix(&self) -> Result<&str, Problem> {
        let host = match self.settings.hostname_method {
            Naming::None => "",
            _ => self.host()?,
        };
        let parts = [&self.settings.path_prefix, host, &self.settings.path_suffix];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Ok(parts.join("."))
    }

    /// The prefix of the collector's names: `cpu.`.
    #[lazy]
    fn path(&self) -> &str {
        match self.settings.path.as_deref() {
            Some("" | ".") => String::new(),
            Some(path) => format!("{}.", path.trim_matches('.')),
            // User scripts write whole names.
            None if self.section.kind() == "scripts" => String::new(),
            None => format!("{}.", part(&self.name)),
        }
    }

    /// The filter of the metrics.
    #[lazy]
    fn filter(&self) -> Result<&Filter, Fault> {
        Filter::new(&self.settings)
    }

    /// The delay after the start of a window. It is always the same for one collector on one
    /// machine, and differs between machines and collectors.
    #[lazy]
    pub fn splay(&self) -> Duration {
        let interval = self.settings.interval.0;
        let most = self
            .settings
            .splay
            .unwrap_or((interval / 10.0).min(1.0))
            .clamp(0.0, interval / 2.0);
        let mut hasher = DefaultHasher::new();
        (self.host().unwrap_or_default(), &self.name).hash(&mut hasher);
        Duration::from_secs_f64(
            most * f64::from((hasher.finish() >> 48) as u16) / f64::from(u16::MAX),
        )
    }

    /// The properties that are kept now.
    #[must_use]
    pub fn computed(&self) -> Vec<&'static str> {
        self.lazy.computed().collect()
    }

    /// Whether some of its metrics need two runs.
    #[must_use]
    pub fn counts(&self) -> bool {
        !self.counters.is_empty()
    }

    /// The time limit of a run.
    #[must_use]
    pub fn limit(&self) -> Duration {
        self.settings
            .interval
            .duration()
            .saturating_sub(self.splay())
    }

    /// Runs the collector. Its complaints are added to the notes.
    ///
    /// # Errors
    /// If the names of the metrics are unknown.
    pub fn run(
        &mut self,
        machine: &Machine,
        now: Moment,
        notes: &mut Vec<String>,
    ) -> Result<Arc<Batch>, Problem> {
        let samples = self.collect(machine, now, notes);
        self.batch(samples)
    }

    fn collect(&mut self, machine: &Machine, now: Moment, notes: &mut Vec<String>) -> Vec<Sample> {
        let limit = self.limit();
        let mut run = Run::new(machine, &mut self.counters, now, limit);
        let collector = &mut self.collector;
        match catch_unwind(AssertUnwindSafe(|| collector.collect(&mut run))) {
            Ok(Ok(())) => {}
            Ok(Err(problem)) => run.notes.push(problem.to_string()),
            Err(panic) => run.notes.push(panic_text(&*panic)),
        }
        let Run {
            samples,
            notes: complaints,
            ..
        } = run;
        notes.extend(complaints);
        // Counters of things that are gone.
        self.counters.retain(|_, (_, seen)| *seen == now.instant);
        samples
    }

    /// The samples that pass the filter, with their whole names.
    fn batch(&self, mut samples: Vec<Sample>) -> Result<Arc<Batch>, Problem> {
        let path = self.path();
        if !path.is_empty() {
            for sample in &mut samples {
                sample.name = [path, &sample.name].concat().into();
            }
        }
        let filter = self.filter().map_err(|fault| fault.message)?;
        samples.retain(|sample| filter.passes(&sample.name));
        let ttl = self.settings.interval.0 * self.settings.ttl_multiplier.clamp(0.0, 1e6);
        Ok(Arc::new(Batch {
            host: self.host()?.to_owned(),
            prefix: self.prefix()?.to_owned(),
            ttl: Duration::from_secs_f64(ttl),
            samples,
        }))
    }
}

/// A filter of metrics.
enum Filter {
    All,
    Allow(Regex),
    Deny(Regex),
}

impl Filter {
    fn new(settings: &Settings) -> Result<Self, Fault> {
        let compile = |pattern: &Spanned<String>| {
            Regex::new(pattern.get_ref())
                .map_err(|error| Fault::new(pattern.span(), last_line(&error.to_string())))
        };
        match (&settings.allow, &settings.deny) {
            (Some(_), Some(deny)) => {
                Err(Fault::new(deny.span(), "`deny` can't be used with `allow`"))
            }
            (Some(allow), None) => Ok(Self::Allow(compile(allow)?)),
            (None, Some(deny)) => Ok(Self::Deny(compile(deny)?)),
            (None, None) => Ok(Self::All),
        }
    }

    fn passes(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Allow(pattern) => pattern.is_match(name),
            Self::Deny(pattern) => !pattern.is_match(name),
        }
    }
}

fn said_by(command: &str) -> Result<String, Problem> {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command);
    let (text, end) = child::run(shell, Instant::now() + Duration::from_secs(5), 1000)?;
    let name = String::from_utf8(text)?;
    let name = name.trim();
    let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
    match end {
        End::Exited(status) if status.success() && is_name => Ok(name.to_owned()),
        _ => Err(format!("`{command}` tells no name of the machine").into()),
    }
}

/// The most telling line of an error with many lines.
fn last_line(text: &str) -> String {
    text.lines()
        .last()
        .unwrap_or_default()
        .trim_start_matches("error: ")
        .to_owned()
}
