//! The commands of `collect`, a short method each.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use comfy_table::{Table, presets};
use lazy_prop::{command, lazy};

use crate::collector::{AnyCollector, Machine};
use crate::config::{Config, Section};
use crate::error::Error;
use crate::handler::AnyHandler;
use crate::kind::{Kind, kinds};

use crate::plan::Plan;
use crate::run::Options;
use crate::source::Source;
use crate::{import, once, run, top};

/// Collect what a machine does, and send it to those who keep it.
#[command(version)]
#[lazy]
pub struct App {
    /// The configuration.
    #[arg(
        short,
        long,
        global = true,
        env = "COLLECT_CONFIG",
        default_value = "/etc/collect/collect.toml",
        value_name = "FILE"
    )]
    config: PathBuf,
}

#[command]
#[lazy]
impl App {
    /// The configuration, if there is a file. Some commands work without one.
    #[lazy]
    fn file(&self) -> Result<&Option<Config>, Error> {
        match Config::load(&self.config) {
            Ok(config) => Ok(Some(config)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::Config(self.config.clone(), error)),
        }
    }

    /// Run as a daemon.
    ///
    /// SIGHUP reads the configuration again, and opens the log again; SIGTERM sends what is queued and ends.
    #[command]
    fn run(&self, #[command(flatten)] options: Options) -> Result<ExitCode, Error> {
        run::run(&options, &self.config)
    }

    /// Run collectors once, and print what would be sent.
    ///
    /// What is counted by the second takes two looks.
    #[command]
    fn once(
        &self,
        /// The collectors, by the words of `list` or by their names in the configuration.
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
        /// The seconds between the looks.
        #[arg(short, long, default_value_t = 1.0)]
        wait: f64,
    ) -> Result<ExitCode, Error> {
        if let Some(config) = self.file()? {
            config.verify()?;
        }
        let mut sources = self.sources(&names)?;
        let is_well = once::run(&mut sources, &self.machine()?, seconds(wait)?);
        Ok(ExitCode::from(u8::from(!is_well)))
    }

    /// List the collectors and handlers that there are, and whether they can run here.
    #[command(visible_alias = "ls")]
    fn list() {
        println!(
            "{}\n\n{}",
            table("collector", &kinds::<dyn AnyCollector>()),
            table("handler", &kinds::<dyn AnyHandler>())
        );
    }

    /// Check the configuration; print every mistake with its line.
    #[command]
    fn check(&self) -> Result<(), Error> {
        let plan = Plan::load(&self.config)?;
        println!(
            "{}: {} collectors, {} handlers",
            self.config.display(),
            plan.sources.len(),
            plan.handlers.len()
        );
        Ok(())
    }

    /// Show the last values in the terminal, again and again; `q` ends.
    #[command]
    fn top(
        &self,
        /// The collectors; unless named, those that are enabled, or those that need no settings.
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        /// The seconds from one look to the next.
        #[arg(short, long, default_value_t = 2.0)]
        interval: f64,
        /// How many looks.
        #[arg(short = 'n', long)]
        count: Option<usize>,
    ) -> Result<(), Error> {
        let names = if names.is_empty() {
            self.usual()?
        } else {
            names
        };
        let mut sources = self.sources(&names)?;
        Ok(top::run(
            &mut sources,
            &self.machine()?,
            seconds(interval)?,
            count,
        )?)
    }

    /// Convert a configuration of Diamond.
    ///
    /// It is printed; what could not be converted is said on the standard error, by its line.
    #[command]
    fn import(
        /// Its `diamond.conf`.
        file: PathBuf,
    ) -> Result<(), Error> {
        let text = fs::read_to_string(&file).map_err(|error| Error::Config(file.clone(), error))?;
        let imported = import::import(&text);
        for note in &imported.notes {
            eprintln!("{}:{note}", file.display());
        }
        print!("{}", imported.table);
        Ok(())
    }

    /// The enabled collectors. Without a configuration, those that need no settings.
    fn usual(&self) -> Result<Vec<String>, Error> {
        if self.file()?.is_some() {
            let plan = Plan::load(&self.config)?;
            return Ok(plan
                .sources
                .iter()
                .map(|source| source.name().to_owned())
                .collect());
        }
        let kinds = kinds::<dyn AnyCollector>();
        let usable = kinds.iter().filter(|kind| {
            (kind.make)(&Section::empty(kind.name)).is_ok() && (kind.can_run)().is_ok()
        });
        Ok(usable.map(|kind| kind.name.to_owned()).collect())
    }

    fn machine(&self) -> Result<Machine, Error> {
        let config = self.file()?.as_ref();
        Ok(Machine::at(config.map_or_else(
            || "/proc".into(),
            |config| config.server.proc.clone(),
        )))
    }

    fn sources(&self, names: &[String]) -> Result<Vec<Source>, Error> {
        names.iter().map(|name| self.source(name)).collect()
    }

    /// A collector of the configuration, or one without settings.
    fn source(&self, name: &str) -> Result<Source, Error> {
        let section = self
            .file()?
            .as_ref()
            .map_or_else(|| Section::empty(name), |config| config.collector(name));
        Source::new(&section).map_err(|faults| {
            let texts: Vec<_> = faults.into_iter().map(|fault| fault.message).collect();
            Error::Other(format!("{name}: {}", texts.join("; ")))
        })
    }
}

fn seconds(seconds: f64) -> Result<Duration, Error> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|error| Error::Other(format!("{seconds} s: {error}")))
}

fn table<P: ?Sized>(title: &str, kinds: &[&Kind<P>]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_header([title, "runs here", "about"]);
    for kind in kinds {
        let here =
            (kind.can_run)().map_or_else(|reason| format!("no: {reason}"), |()| "yes".into());
        table.add_row([kind.name, &here, kind.about]);
    }
    table
}
