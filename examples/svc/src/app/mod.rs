//! The commands of `svc`, a short method each.

mod definitions;
mod services;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, io};

use lazy_prop::command::Shell;
use lazy_prop::{command, lazy, options};

use crate::await_state::{self, Goal};
use crate::boot::{Boot, Step, Way};
use crate::define::{Changes, Seconds, StopSignal};
use crate::error::{EXIT_CODES, Error};
use crate::events;
use crate::identity::Host;
use crate::logs::{self};
use crate::look::{self, Seen};
use crate::name::Name;
use crate::outcome::Outcome;
use crate::own::Own;
use crate::paths::{DB, Paths, registry_file};
use crate::pattern::Pattern;
use crate::registry::Registry;
use crate::service::Service;
use crate::show::{self, Initialization, Recovery, Screen};
use crate::stray::Strays;
use crate::{export, import, json, top, unattended, web};

/// Start programs and keep them running, without root.
#[command(version, after_help = EXIT_CODES)]
#[lazy]
pub struct App {
    /// The registry of services [default: ~/.local/state/svc/registry.db]
    #[arg(long, env = DB, hide_env_values, value_name = "FILE", value_parser = registry_file())]
    db: Option<PathBuf>,
}

// The parameters that several commands share, each described once.
options! { shared:
    /// Name of the service
    name => #[arg()],
    /// Names of services, or patterns such as 'web-*'
    names => #[arg(value_name = "NAME", required_unless_present = "all")],
    /// All services
    all => #[arg(short, long, conflicts_with = "names")],
    /// Print JSON
    json => #[arg(long)],
}

#[command(options = shared)]
#[lazy]
impl App {
    /// The paths of all files.
    #[lazy]
    fn paths(&self) -> Result<&Paths, Error> {
        let file = self.db.as_deref();
        Paths::of(file.filter(|file| !file.as_os_str().is_empty()))
    }

    /// The services. The registry is opened when a command first needs it.
    #[lazy]
    fn registry(&self) -> Result<&Registry, Error> {
        Registry::open(self.paths()?)
    }

    /// The registry, for commands that do not read it.
    #[lazy]
    fn unopened(&self) -> Result<&Registry, Error> {
        Ok(Registry::unopened(self.paths()?))
    }

    /// This boot of the machine.
    #[lazy]
    fn host(&self) -> Result<&Host, Error> {
        Host::this()
    }

    /// Processes that run without a record.
    #[lazy]
    fn strays(&self) -> Result<&Strays, Error> {
        Ok(Strays::of(self.paths()?))
    }

    /// The terminal of the user.
    #[lazy]
    fn screen(&self) -> Screen {
        Screen::of_process()
    }

    /// Make a registry, and keep an existing one.
    #[command(help_heading = "The registry")]
    fn initialize(
        &self,
        /// Make a new one, and keep a copy of the old one.
        #[arg(long)]
        force: bool,
        /// Print the SQL, and run nothing.
        #[arg(long, conflicts_with = "force")]
        dry_run: bool,
        json: bool,
    ) -> Result<(), Error> {
        let paths = self.paths()?;
        let registry = paths.registry();
        if dry_run {
            let plan = Registry::plan(paths)?;
            let planned = Initialization::planned(registry, &plan);
            return show::print(json::or_text(&planned, json)?);
        }
        let done = if force {
            self.refuse_while_some_run()?;
            Registry::recreate(paths)?
        } else {
            Registry::initialize(paths)?
        };
        show::print(json::or_text(&Initialization::done(registry, &done), json)?)
    }

    /// Add a service.
    #[command(help_heading = "The registry")]
    fn add(
        &self,
        name: Name,
        json: bool,
        #[command(flatten)] changes: Changes,
    ) -> Result<ExitCode, Error> {
        self.add_defined(name, changes, json).map(ExitCode::from)
    }

    /// Change a service. A running service changes at its next restart.
    ///
    /// Options that are not given stay unchanged. The defaults are those of `add`.
    #[command(help_heading = "The registry")]
    fn edit(
        &self,
        name: Name,
        json: bool,
        #[command(flatten)] changes: Changes,
    ) -> Result<ExitCode, Error> {
        self.edit_defined(&name, &changes, json).map(ExitCode::from)
    }

    /// Give a service another name. It must not run.
    ///
    /// Its log and its state get the new name too, and so do services that start after it.
    #[command(help_heading = "The registry")]
    fn rename(
        &self,
        name: Name,
        /// The new name
        new: Name,
        json: bool,
    ) -> Result<ExitCode, Error> {
        let service = self.service(&name)?;
        self.control()?.rename(&service, &new)?;
        let mut tally = self.tally(1, json);
        tally.note(&name, Ok(Outcome::Renamed(new)));
        tally.end().map(ExitCode::from)
    }

    /// Add the services of a Procfile, a supervisord.conf, pm2's ecosystem JSON or a compose file.
    ///
    /// Each setting that could not be kept is named on standard error.
    #[command(help_heading = "The registry")]
    fn import(
        &self,
        /// The file
        #[arg(value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
        /// Whose file it is [default: by its name]
        #[arg(long)]
        format: Option<import::Format>,
        /// Print what would be added, and add nothing
        #[arg(long)]
        dry_run: bool,
        json: bool,
    ) -> Result<(), Error> {
        self.add_imported(&file, format, dry_run, json)
    }

    /// Print services as units of systemd, a compose file, manifests of Kubernetes or jobs of Nomad.
    ///
    /// A setting without a counterpart there is a comment in the file, and is named on standard error.
    #[command(help_heading = "The registry")]
    fn export(
        &self,
        /// The engine that is to run them
        engine: export::Engine,
        names: Vec<Pattern>,
        all: bool,
        json: bool,
        #[command(flatten)] options: export::Options,
    ) -> Result<(), Error> {
        let services = self.services(&names, all)?;
        export::write(engine, &services, &options, json)
    }

    /// Remove services.
    #[command(help_heading = "The registry")]
    fn remove(
        &self,
        names: Vec<Pattern>,
        all: bool,
        /// Stop running services first
        #[arg(long)]
        stop: bool,
        json: bool,
    ) -> Result<ExitCode, Error> {
        self.fleet(&names, all, json)?
            .remove(stop)
            .map(ExitCode::from)
    }

    /// List the services.
    #[command(visible_alias = "ls", help_heading = "Services")]
    fn list(&self, json: bool) -> Result<(), Error> {
        let services = self.registry()?.services()?;
        for name in self.hidden(&services)? {
            show::note(&Error::Hidden(name).to_string());
        }
        self.print(&services, json)
    }

    /// Print the state of services. The exit code is 3 if one that is named does not run.
    #[command(help_heading = "Services")]
    fn status(
        &self,
        /// Names of services, or patterns such as 'web-*' [default: all]
        #[arg(value_name = "NAME")]
        names: Vec<Pattern>,
        json: bool,
    ) -> Result<ExitCode, Error> {
        let services = match &names[..] {
            [] => return self.list(json).map(|()| ExitCode::SUCCESS),
            names => self.known(names)?,
        };
        let seen = services.into_iter().map(|service| self.look(service));
        let seen: Vec<Seen> = seen.collect::<Result<_, _>>()?;
        let run = seen.iter().all(|seen| seen.condition.is_up());
        match (&seen[..], &names[..]) {
            ([one], [Pattern::Name(name)]) if &one.service.name == name => show::print(if json {
                json::object(one)?
            } else {
                show::details(one)
            })?,
            _ => self.print_seen(&seen, json)?,
        }
        Ok(ExitCode::from(if run { 0 } else { 3 }))
    }

    /// Start services.
    #[command(help_heading = "Services")]
    fn start(
        &self,
        /// Names of services, or patterns such as 'web-*'
        #[arg(value_name = "NAME", required_unless_present_any = ["all", "wanted"])]
        names: Vec<Pattern>,
        all: bool,
        /// The services that ran when the machine went down, and those that had been given up
        #[arg(long, conflicts_with_all = ["all", "names"])]
        wanted: bool,
        json: bool,
    ) -> Result<ExitCode, Error> {
        let mut fleet = self.fleet(&names, all || wanted, json)?;
        if wanted {
            fleet.keep_wanted()?;
        }
        fleet.start().map(ExitCode::from)
    }

    /// Stop services, and all processes that they started.
    #[command(help_heading = "Services")]
    fn stop(
        &self,
        names: Vec<Pattern>,
        all: bool,
        /// Start them again after a reboot
        #[arg(long)]
        keep_wanted: bool,
        json: bool,
    ) -> Result<ExitCode, Error> {
        let stopped = match self.fleet(&names, all, json) {
            // A service that is already stopping need not wait.
            Err(Error::Locked(_)) => self.fleet_of_copies(&names, all, json)?.stop_unnoted(),
            fleet => fleet?.stop(keep_wanted),
        };
        stopped.map(ExitCode::from)
    }

    /// Stop services, and start them as they are defined now.
    #[command(help_heading = "Services")]
    fn restart(&self, names: Vec<Pattern>, all: bool, json: bool) -> Result<ExitCode, Error> {
        let fleet = self.fleet(&names, all, json)?;
        unattended::finish(|| fleet.restart()).map(ExitCode::from)
    }

    /// Run a service in the foreground, and end with its exit code.
    #[command(help_heading = "Services")]
    fn run(&self, name: Name) -> Result<ExitCode, Error> {
        let service = self.service(&name)?;
        Ok(ExitCode::from(self.control()?.run(&service)?))
    }

    /// Send a signal to the main process of services.
    #[command(help_heading = "Services")]
    fn signal(
        &self,
        /// The signal, such as HUP or 1
        signal: StopSignal,
        names: Vec<Pattern>,
        all: bool,
        json: bool,
    ) -> Result<ExitCode, Error> {
        let (control, services) = (self.control()?, self.services(&names, all)?);
        let send = |service: &Service| {
            let sent = control.signal(&service.name, signal.number());
            sent.map(|()| Outcome::Signalled)
        };
        self.each(&services, json, send).map(ExitCode::from)
    }

    /// Ask services to read their configuration again, as their `--reload` says.
    #[command(help_heading = "Services")]
    fn reload(&self, names: Vec<Pattern>, all: bool, json: bool) -> Result<ExitCode, Error> {
        let (control, services) = (self.control()?, self.services(&names, all)?);
        let reload = |service: &Service| control.reload(service).map(|()| Outcome::Reloaded);
        self.each(&services, json, reload).map(ExitCode::from)
    }

    /// Wait until services are ready or have stopped, whoever starts or stops them.
    #[command(help_heading = "Services")]
    fn wait(
        &self,
        names: Vec<Pattern>,
        all: bool,
        /// What to wait for
        #[arg(long = "for", value_name = "STATE", default_value = "ready")]
        goal: Goal,
        /// How many seconds to wait at most [default: without a limit]
        #[arg(long, value_name = "SECONDS")]
        timeout: Option<Seconds>,
        json: bool,
    ) -> Result<ExitCode, Error> {
        let (paths, host, strays) = (self.paths()?, self.host()?, self.strays()?);
        let until = timeout.map(|time| Instant::now() + time.into());
        let wait = |service: &Service| {
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            let left = left.unwrap_or(Duration::MAX);
            let reached = await_state::until(service, goal, left, paths, host, strays);
            reached.map(|()| Outcome::Reached(goal))
        };
        let services = self.services(&names, all)?;
        self.each(&services, json, wait).map(ExitCode::from)
    }

    /// Print the output of services.
    #[command(help_heading = "Services")]
    fn logs(
        &self,
        names: Vec<Pattern>,
        all: bool,
        json: bool,
        #[command(flatten)] options: logs::Options,
    ) -> Result<(), Error> {
        let services = match self.services(&names, all) {
            Err(Error::Locked(_)) => self.copies(&names, all)?,
            services => services?,
        };
        if options.reopen() {
            let control = self.control()?;
            return services
                .iter()
                .try_for_each(|one| control.reopen_log(&one.name));
        }
        for service in &services {
            if let Some(pid) = self.look(service.clone())?.pid {
                logs::note_moved(service, pid);
            }
        }
        let (wanted, paths) = (options.wanted(json), self.paths()?);
        logs::show(&services, paths, &wanted, self.screen(), &mut io::stdout())
    }

    /// Print what happened to services: starts, ends, restarts and stops, with their times.
    #[command(help_heading = "Services")]
    fn events(
        &self,
        /// Names of services, or patterns such as 'web-*' [default: all]
        #[arg(value_name = "NAME")]
        names: Vec<Pattern>,
        json: bool,
        #[command(flatten)] options: events::Options,
    ) -> Result<(), Error> {
        let events = self.paths()?.events();
        events::show(&events, &names, &options, json, &mut io::stdout())
    }

    /// Watch the services in the terminal: what they use, with keys to start and stop them.
    #[command(help_heading = "Services")]
    fn top(&self) -> Result<(), Error> {
        let program = env::current_exe().map_err(|error| Error::file("/proc/self/exe", error))?;
        let own = Own::of(program, self.paths()?.registry());
        let look = || {
            // Anew each time, because services come and go.
            let (paths, host) = (self.paths()?, self.host()?);
            let services = self.registry()?.services()?.into_iter();
            let look = |service| Seen::of(service, paths, host, &Strays::of(paths));
            services.map(look).collect()
        };
        top::run(
            look,
            |action, name| own.said(action, name),
            |name| own.follow(name),
        )
    }

    /// Serve a web page with the services and their logs.
    ///
    /// Without a token everybody who reaches the address may read it, also other users of this machine, and nobody may
    /// start or stop services. With `--token-file` the browser asks for the token, as the password of any user.
    #[command(help_heading = "Services")]
    fn web(&self, #[command(flatten)] options: web::Options) -> Result<ExitCode, Error> {
        self.registry()?;
        web::serve(self.paths()?, &options)
    }

    /// Repair the registry from its readable parts and its copies.
    #[command(help_heading = "The registry")]
    fn recover(&self, json: bool) -> Result<(), Error> {
        let paths = self.paths()?;
        let (host, strays) = (self.host()?, self.strays()?);
        let runs = |name: &Name| look::is_in_hand(name, paths, host, strays).unwrap_or(false);
        let recovered = Registry::recover(paths, runs)?;
        let recovery = Recovery::of(paths.registry(), &recovered);
        show::print(json::or_text(&recovery, json)?)?;
        if json {
            return Ok(());
        }
        self.print(&self.registry()?.services()?, false)
    }

    /// Start services after a reboot, or print how to do that.
    ///
    /// `install` writes a unit if the user's systemd runs, else a line of the crontab, else as root a script of
    /// `/etc/init.d`. `remove` removes it.
    #[command(help_heading = "This program")]
    fn boot(
        &self,
        /// What to do
        step: Option<Step>,
        json: bool,
    ) -> Result<(), Error> {
        let program = env::current_exe().map_err(|error| Error::file("/proc/self/exe", error))?;
        let boot = Boot::of(program, self.paths()?.registry());
        let done = match step {
            None if json => {
                let ways: Result<Vec<_>, _> = boot.ways().iter().map(json::line).collect();
                return show::print(ways?.concat());
            }
            None => return show::print(boot.instructions()),
            Some(Step::Install) => boot.install()?,
            Some(Step::Remove) => boot.remove()?,
        };
        show::print(json::or_text(&done, json)?)?;
        if let (Some(Step::Install), Some(Way::Systemd)) = (step, done.way()) {
            show::note("systemd starts them without a login only after `loginctl enable-linger`");
        }
        Ok(())
    }

    /// Print the completion script of a shell.
    #[command(help_heading = "This program")]
    fn completions(
        /// The shell
        shell: Shell,
    ) -> Result<(), Error> {
        let mut script = vec![];
        lazy_prop::command::completions(shell, &Self::cli(), &mut script).map_err(Error::Output)?;
        show::print(script)
    }

    /// Print the manual page, or write one for each command.
    #[command(help_heading = "This program")]
    fn man(
        /// Write svc.1, svc-add.1, … there.
        #[arg(value_hint = clap::ValueHint::DirPath)]
        directory: Option<PathBuf>,
    ) -> Result<(), Error> {
        if let Some(directory) = directory {
            return lazy_prop::command::man_pages(&Self::cli(), &directory)
                .map_err(|error| Error::file(directory, error));
        }
        let mut page = vec![];
        lazy_prop::command::man(&Self::cli(), &mut page).map_err(Error::Output)?;
        show::print(page)
    }
}
