//! Services in the files of other engines: units of systemd, a compose file, manifests of Kubernetes,
//! jobs of Nomad. A setting without a counterpart there becomes a comment in the file.

mod compose;
mod kubernetes;
mod names;
mod nomad;
mod systemd;
mod times;
mod yaml;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};
use serde::Serialize;

use crate::check::Check;
use crate::error::Error;
use crate::limits::Limited;
use crate::ready::Ready;
use crate::service::{Output, Service};
use crate::{json, show};

/// The engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// A unit for each service, and a timer for a schedule
    Systemd,
    /// One compose file
    Compose,
    /// A Deployment, Job or `CronJob` for each service, in one file
    Kubernetes,
    /// A job for each service, as JSON
    Nomad,
}

/// A file, and the settings without a counterpart in it.
#[derive(Debug)]
struct Exported {
    name: String,
    text: String,
    /// The settings that it leaves out, one on each line.
    notes: Vec<String>,
}

/// The options of `export`.
#[derive(Debug, Args)]
pub struct Options {
    /// Write files there, and print their names
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    directory: Option<PathBuf>,
    /// The image of the containers of compose and Kubernetes
    #[arg(long, default_value = "debian:stable-slim")]
    image: String,
}

/// A file as JSON.
#[derive(Serialize)]
struct Printed<'a> {
    file: &'a str,
    path: Option<&'a Path>,
    text: Option<&'a str>,
    notes: &'a [String],
}

/// Prints the files for these services, or writes them to a directory.
///
/// # Errors
/// If a file or the output cannot be written.
pub fn write(
    engine: Engine,
    services: &[Service],
    options: &Options,
    json: bool,
) -> Result<(), Error> {
    for Exported { name, text, notes } in files(engine, services, &options.image) {
        for note in &notes {
            show::note(&format!("{name}: not kept: {note}"));
        }
        let path = options
            .directory
            .as_ref()
            .map(|directory| directory.join(&name));
        if let Some(path) = &path {
            fs::write(path, &text).map_err(|error| Error::file(path, error))?;
        }
        let text = path.is_none().then_some(&*text);
        show::print(match (&path, text) {
            _ if json => json::line(&Printed {
                file: &name,
                path: path.as_deref(),
                text,
                notes: &notes,
            })?,
            (Some(path), _) => format!("{}\n", path.display()),
            // JSON has no comments.
            (None, text) if engine == Engine::Nomad => text.unwrap_or_default().to_owned(),
            (None, text) => format!("# {name}\n{}", text.unwrap_or_default()),
        })?;
    }
    Ok(())
}

fn files(engine: Engine, services: &[Service], image: &str) -> Vec<Exported> {
    match engine {
        Engine::Systemd => systemd::units(services),
        Engine::Compose => vec![compose::file(services, image)],
        Engine::Kubernetes => vec![kubernetes::file(services, image)],
        Engine::Nomad => services.iter().map(nomad::job).collect(),
    }
}

fn notes(service: &Service, left_out: &[String]) -> Vec<String> {
    left_out
        .iter()
        .map(|what| format!("{}: {what}", service.name))
        .collect()
}

fn comments(left_out: &[String]) -> String {
    left_out.iter().fold(String::new(), |lines, what| {
        // A comment ends with its line.
        let what = what.replace(char::is_control, " ");
        lines + "# not here: " + &what + "\n"
    })
}

/// The limit of a service, if it has one.
fn limit(service: &Service, what: Limited) -> Option<u64> {
    let mut limits = service.limits.iter();
    limits
        .find(|limit| limit.what == what)
        .map(|limit| limit.most)
}

/// The files that its streams go to, which are those of this machine.
fn streams(service: &Service) -> Vec<String> {
    let mut left_out = vec![];
    for (what, output) in [
        ("output goes", &service.stdout),
        ("errors go", &service.stderr),
    ] {
        if let Output::File(path) = output {
            left_out.push(format!("its {what} to {}", path.display()));
        }
    }
    if service.stdin != Path::new("/dev/null") {
        left_out.push(format!("its input comes from {}", service.stdin.display()));
    }
    left_out
}

/// The settings for which no other engine has anything: those of the process, and watched files.
fn own(service: &Service) -> Vec<String> {
    let umask = service
        .umask
        .map(|umask| format!("its umask is {umask:04o}"));
    let nice = service.nice.map(|nice| format!("its niceness is {nice}"));
    let reload = service.reload.as_ref();
    let reload = reload.map(|reload| format!("it is reloaded by {reload}"));
    let rest = [umask, nice, reload, watch(service)];
    rest.into_iter().flatten().collect()
}

/// The files that it watches.
fn watch(service: &Service) -> Option<String> {
    let paths = service
        .watch
        .paths
        .iter()
        .map(|path| path.display().to_string());
    let paths: Vec<_> = paths.collect();
    (!paths.is_empty()).then(|| format!("it starts again when {} changes", paths.join(" or ")))
}

/// The parts of a stop that other engines lack.
fn repeats(service: &Service) -> Option<String> {
    let repeat = service.stop.repeat;
    (repeat != 1).then(|| format!("the signal to stop is sent {repeat} times"))
}

/// A line of bash that succeeds as soon as a service is ready, or `None` if bash cannot tell.
fn until(ready: &Ready) -> Option<String> {
    match ready {
        Ready::Check(Check::Port(port)) => {
            Some(format!("(: >/dev/tcp/127.0.0.1/{port}) 2>/dev/null"))
        }
        Ready::Check(Check::Http(url)) => Some(format!(
            "curl --fail --silent --output /dev/null {}",
            shell_words::quote(url)
        )),
        Ready::Check(Check::Command(line)) => Some(line.clone()),
        Ready::Notify | Ready::Fd(_) | Ready::Log(_) => None,
    }
}

fn seconds(time: Duration) -> String {
    format!("{}ms", time.as_millis())
}
