//! The trait of collectors, and what a run gives them.

use std::any::Any;
use std::collections::HashMap;
use std::error::Error;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use procfs_core::{ExplicitSystemInfo, FromRead, FromReadSI, ProcError};
use serde::de::DeserializeOwned;

use crate::config::{Fault, Section};
use crate::delivery::Stats;
use crate::kind::Kind;
use crate::metric::{Sample, unix_time};

/// The error of a run.
pub type Problem = Box<dyn Error + Send + Sync>;

/// Collects one kind of numbers. Register it by [`collector!`](crate::collector!).
pub trait Collector: Send + Sized + 'static {
    /// The name in the configuration, and the first part of its metrics.
    const NAME: &'static str;
    /// One sentence about it.
    const ABOUT: &'static str;
    /// The file below `/proc` that it requires, if any.
    const NEEDS: Option<&'static str> = None;
    /// The settings of its section.
    type Settings: DeserializeOwned;

    /// A collector with these settings.
    fn new(settings: Self::Settings) -> Self;

    /// Takes new settings.
    fn reload(&mut self, settings: Self::Settings) {
        *self = Self::new(settings);
    }

    /// Checks settings that have the right form.
    ///
    /// # Errors
    /// The reason why they are wrong.
    fn verify(&self) -> Result<(), Problem> {
        Ok(())
    }

    /// Collects, and gives the numbers to the run.
    ///
    /// # Errors
    /// If nothing can be read. Numbers given before the error count.
    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem>;
}

/// A [`Collector`] of any type.
pub trait AnyCollector: Send {
    /// See [`Collector::collect`].
    ///
    /// # Errors
    /// As there.
    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem>;

    /// See [`Collector::reload`].
    ///
    /// # Errors
    /// The mistakes in the section. Then nothing changes.
    fn reload(&mut self, section: &Section) -> Result<(), Vec<Fault>>;
}

impl<C: Collector> AnyCollector for C {
    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        Collector::collect(self, run)
    }

    fn reload(&mut self, section: &Section) -> Result<(), Vec<Fault>> {
        Collector::reload(self, section.read()?);
        Ok(())
    }
}

inventory::collect!(Kind<dyn AnyCollector>);

impl Kind<dyn AnyCollector> {
    /// The kind of this type.
    #[must_use]
    pub const fn of<C: Collector>() -> Self {
        Self {
            name: C::NAME,
            about: C::ABOUT,
            can_run: || match C::NEEDS {
                Some(file) => File::open(Path::new("/proc").join(file))
                    .map(drop)
                    .map_err(|error| format!("/proc/{file}: {error}")),
                None => Ok(()),
            },
            make: |section| {
                let collector = C::new(section.read()?);
                let verified = collector.verify();
                verified.map_err(|problem| vec![section.fault(problem.to_string())])?;
                Ok(Box::new(collector))
            },
        }
    }
}

/// Registers collectors, from any module of the program.
#[macro_export]
macro_rules! collector {
    ($($type:ty),+) => { $(
        $crate::inventory::submit! { $crate::kind::Kind::<dyn $crate::collector::AnyCollector>::of::<$type>() }
    )+ };
}

/// The machine that collectors look at.
pub struct Machine {
    /// The path of `/proc`.
    pub proc: PathBuf,
    /// The state of the handlers.
    pub stats: Box<dyn Fn() -> Vec<(String, Stats)> + Send + Sync>,
}

impl Machine {
    /// A machine without handlers.
    pub fn at(proc: impl Into<PathBuf>) -> Self {
        Self {
            proc: proc.into(),
            stats: Box::new(Vec::new),
        }
    }
}

/// A collector's previous counters, by name.
pub type Counters = HashMap<String, (u64, Instant)>;

/// The time of a run.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// For rates.
    pub instant: Instant,
    /// Seconds of Unix time.
    pub time: u64,
}

impl Moment {
    /// Now.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn now() -> Self {
        Self {
            instant: Instant::now(),
            time: unix_time(SystemTime::now()) as u64,
        }
    }
}

/// One run of a collector.
pub struct Run<'a> {
    /// The machine.
    pub machine: &'a Machine,
    /// Its time.
    pub now: Moment,
    /// Its deadline.
    pub deadline: Instant,
    /// Its samples.
    pub samples: Vec<Sample>,
    /// Its complaints, if it could go on.
    pub notes: Vec<String>,
    counters: &'a mut Counters,
}

impl<'a> Run<'a> {
    /// A run with this time limit.
    pub fn new(
        machine: &'a Machine,
        counters: &'a mut Counters,
        now: Moment,
        limit: Duration,
    ) -> Self {
        Self {
            machine,
            now,
            deadline: Instant::now() + limit,
            samples: vec![],
            notes: vec![],
            counters,
        }
    }

    /// Adds a number, with this many digits.
    pub fn tell(&mut self, name: &str, value: f64, precision: u8) {
        match Sample::new(name, value, precision, self.now.time) {
            Ok(sample) => self.samples.push(sample),
            Err(error) => self.notes.push(error.to_string()),
        }
    }

    /// Adds a whole number.
    pub fn count(&mut self, name: &str, value: u64) {
        self.tell(name, float(value), 0);
    }

    /// Adds the growth of a counter per second.
    ///
    /// That takes two runs. A counter that has become smaller was reset, so this run adds nothing.
    pub fn rate(&mut self, name: &str, value: u64) {
        self.scaled_rate(name, value, 1.0);
    }

    /// As [`rate`](Self::rate), times a factor.
    pub fn scaled_rate(&mut self, name: &str, value: u64, factor: f64) {
        if let Some(rate) = self.growth(name, value) {
            self.tell(name, rate * factor, 2);
        }
    }

    /// As [`scaled_rate`](Self::scaled_rate), for a 32-bit counter of the kernel, which wraps
    /// around.
    pub fn rate_of_32_bits(&mut self, name: &str, value: u64, factor: f64) {
        const END: u64 = 1 << 32;
        let before = self.counters.get(name).map(|(before, _)| *before);
        // A wrap-around if it moved by less than half of the range, or else a reset.
        let wraps =
            before.is_some_and(|before| value < before && before < END && before - value > END / 2);
        if wraps {
            if let Some((before, at)) = self.counters.remove(name) {
                let elapsed = self.now.instant.duration_since(at).as_secs_f64();
                self.tell(name, float(value + END - before) / elapsed * factor, 2);
            }
            self.counters
                .insert(name.to_owned(), (value, self.now.instant));
        } else {
            self.scaled_rate(name, value, factor);
        }
    }

    /// The growth of a counter per second, if it is known. It is not added.
    pub fn growth(&mut self, name: &str, value: u64) -> Option<f64> {
        let before = if let Some(kept) = self.counters.get_mut(name) {
            std::mem::replace(kept, (value, self.now.instant))
        } else {
            self.counters
                .insert(name.to_owned(), (value, self.now.instant));
            return None;
        };
        let elapsed = self.now.instant.duration_since(before.1).as_secs_f64();
        let growth = value.checked_sub(before.0)?;
        (elapsed > 0.0).then(|| float(growth) / elapsed)
    }

    /// Reads a file below `/proc`.
    ///
    /// # Errors
    /// If it can't be read, with its name.
    pub fn text(&self, file: &str) -> io::Result<String> {
        let path = self.machine.proc.join(file);
        fs::read_to_string(&path)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    }

    /// Reads a file below `/proc`, parsed by the `procfs` crates.
    ///
    /// # Errors
    /// If it can't be read, or is of another form.
    pub fn read<T: FromRead>(&self, file: &str) -> Result<T, Problem> {
        let path = self.machine.proc.join(file);
        T::from_file(&path).map_err(|error| problem(&path, &error))
    }

    /// As [`read`](Self::read), for types that need facts of the system.
    ///
    /// # Errors
    /// As there.
    pub fn read_with<T: FromReadSI>(&self, file: &str) -> Result<T, Problem> {
        let path = self.machine.proc.join(file);
        T::from_file(&path, &system()).map_err(|error| problem(&path, &error))
    }
}

fn problem(path: &Path, error: &ProcError) -> Problem {
    format!("{}: {error}", path.display()).into()
}

/// The kernel's units.
#[must_use]
pub fn system() -> ExplicitSystemInfo {
    ExplicitSystemInfo {
        boot_time_secs: 0,
        ticks_per_second: rustix::param::clock_ticks_per_second(),
        page_size: rustix::param::page_size() as u64,
        is_little_endian: cfg!(target_endian = "little"),
    }
}

/// The message of a panic.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panicked: {}", text.unwrap_or_default())
}

/// A count as a float. It is rounded above 2^53.
#[must_use]
#[expect(clippy::cast_precision_loss)]
pub fn float(count: u64) -> f64 {
    count as f64
}
