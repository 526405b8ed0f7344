//! Services in the files of other engines: units of systemd, a compose file. A setting without a
//! counterpart there becomes a comment in the file.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};
use nix::sys::signal::Signal;
use serde_json::json;

use crate::check::Check;
use crate::error::Error;
use crate::ready::Ready;
use crate::service::{Output, Restart, Service};
use crate::show;

/// The engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// A unit for each service
    Systemd,
    /// One compose file
    Compose,
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
    /// The image of a compose file's services
    #[arg(long, default_value = "debian:stable-slim")]
    image: String,
}

/// Prints the files for these services, or writes them to a directory.
///
/// # Errors
/// If a file or the output cannot be written.
pub fn write(engine: Engine, services: &[Service], options: &Options) -> Result<(), Error> {
    for file in files(engine, services, &options.image) {
        for note in &file.notes {
            show::note(&format!("{}: not kept: {note}", file.name));
        }
        match &options.directory {
            None => show::print(format!("# {}\n{}", file.name, file.text))?,
            Some(directory) => {
                let path = directory.join(&file.name);
                fs::write(&path, file.text).map_err(|error| Error::file(&path, error))?;
                show::print(format!("{}\n", path.display()))?;
            }
        }
    }
    Ok(())
}

fn files(engine: Engine, services: &[Service], image: &str) -> Vec<Exported> {
    match engine {
        Engine::Systemd => services.iter().map(unit).collect(),
        Engine::Compose => vec![compose(services, image)],
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
        lines
            + "# not here: "
            + what
            + "
"
    })
}

/// A unit for a user's systemd. Most of it also suits the system's.
fn unit(service: &Service) -> Exported {
    let mut left_out = vec![];
    let mut head = format!("Description=svc: {}\n", service.name);
    if !service.after.is_empty() {
        let names: Vec<_> = service
            .after
            .iter()
            .map(|name| format!("{name}.service"))
            .collect();
        let _ = writeln!(head, "After={}", names.join(" "));
    }
    let mut body = format!(
        "Type={}\n",
        if service.ready == Some(Ready::Notify) {
            "notify"
        } else {
            "exec"
        }
    );
    let mut put = |key: &str, value: &str| {
        let _ = writeln!(body, "{key}={value}");
    };
    let words: Vec<_> = service.command.iter().map(|word| argument(word)).collect();
    put("ExecStart", &words.join(" "));
    put(
        "WorkingDirectory",
        &specifiers(&service.working_directory.display().to_string()),
    );
    for (key, value) in &service.env {
        put(
            "Environment",
            &quoted(&specifiers(&format!("{key}={value}"))),
        );
    }
    if service.stdin != Path::new("/dev/null") {
        put(
            "StandardInput",
            &format!("file:{}", specifiers(&service.stdin.display().to_string())),
        );
    }
    for (key, output) in [
        ("StandardOutput", &service.stdout),
        ("StandardError", &service.stderr),
    ] {
        match output {
            Output::Log => {}
            Output::File(path) if path == Path::new("/dev/null") => put(key, "null"),
            Output::File(path) => put(
                key,
                &format!("append:{}", specifiers(&path.display().to_string())),
            ),
        }
    }
    put("Restart", &service.restart.to_string());
    if service.restart != Restart::No {
        put("RestartSec", &seconds(service.backoff.first));
        left_out.push(format!(
            "pauses that grow up to {}, which take systemd 254 (RestartSteps=, RestartMaxDelaySec=)",
            seconds(service.backoff.longest)
        ));
        let _ = writeln!(
            head,
            "StartLimitIntervalSec={}",
            seconds(service.backoff.window)
        );
        let _ = writeln!(head, "StartLimitBurst={}", service.backoff.starts);
    }
    put("KillMode", "mixed");
    if let Ok(signal) = Signal::try_from(service.stop.signal) {
        put("KillSignal", signal.as_str());
    }
    put("TimeoutStopSec", &seconds(service.stop.patience()));
    if service.stop.repeat != 1 {
        left_out.push(format!(
            "the signal to stop is sent {} times",
            service.stop.repeat
        ));
    }
    if let Some(ready) = &service.ready {
        put("TimeoutStartSec", &seconds(service.ready_timeout));
        match until(ready) {
            Some(line) => {
                let line = format!("until {line}; do sleep 0.2; done");
                put(
                    "ExecStartPost",
                    &format!("/bin/bash -c {}", argument(&line)),
                );
            }
            None if *ready == Ready::Notify => {}
            None => left_out.push(format!("it is ready by {ready}")),
        }
    }
    let text = format!(
        "{}[Unit]\n{head}\n[Service]\n{body}\n[Install]\nWantedBy=default.target\n",
        comments(&left_out)
    );
    Exported {
        name: format!("{}.service", service.name),
        text,
        notes: notes(service, &left_out),
    }
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

/// A quoted word of a command line, without anything that systemd would replace.
fn argument(word: &str) -> String {
    quoted(&specifiers(word).replace('$', "$$"))
}

fn specifiers(text: &str) -> String {
    text.replace('%', "%%")
}

fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\x{:02x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// A compose file: YAML, which includes JSON.
fn compose(services: &[Service], image: &str) -> Exported {
    let mut text = String::from("services:\n");
    let mut all = vec![];
    for service in services {
        let mut left_out = vec![];
        let mut entry = vec![
            ("image", json!(image)),
            ("command", json!(dollars(&service.command))),
            ("working_dir", json!(service.working_directory)),
        ];
        if !service.env.is_empty() {
            let env = service
                .env
                .iter()
                .map(|(key, value)| (key.clone(), json!(value.replace('$', "$$"))));
            entry.push(("environment", env.collect::<serde_json::Map<_, _>>().into()));
        }
        entry.push((
            "restart",
            match service.restart {
                Restart::No => json!("no"),
                Restart::OnFailure => json!(format!(
                    "on-failure:{}",
                    service.backoff.starts.saturating_sub(1)
                )),
                Restart::Always => json!("always"),
            },
        ));
        if service.restart != Restart::No {
            left_out.push("how long the pauses between restarts are".to_owned());
        }
        if let Ok(signal) = Signal::try_from(service.stop.signal) {
            entry.push(("stop_signal", json!(signal.as_str())));
        }
        entry.push(("stop_grace_period", json!(seconds(service.stop.patience()))));
        if service.stop.repeat != 1 {
            left_out.push(format!(
                "the signal to stop is sent {} times",
                service.stop.repeat
            ));
        }
        let known = |name: &&crate::name::Name| services.iter().any(|other| other.name == **name);
        let after: Vec<_> = service.after.iter().filter(known).collect();
        if !after.is_empty() {
            entry.push(("depends_on", depends(services, &after)));
        }
        let gone = service.after.iter().filter(|name| !known(name));
        left_out.extend(gone.map(|name| format!("it starts after {name}, which is not exported")));
        match service.ready.as_ref().map(|ready| (ready, until(ready))) {
            Some((_, Some(line))) => {
                let check = json!(["CMD", "bash", "-c", line.replace('$', "$$")]);
                entry.push(("healthcheck", json!({"test": check, "interval": "5s"})));
            }
            Some((ready, None)) => left_out.push(format!("it is ready by {ready}")),
            None => {}
        }
        for (what, output) in [("output", &service.stdout), ("errors", &service.stderr)] {
            if let Output::File(path) = output {
                left_out.push(format!("its {what} go to {}", path.display()));
            }
        }
        if service.stdout == Output::Log {
            let (size, keep) = (
                service.log.size.to_string(),
                (service.log.keep + 1).to_string(),
            );
            let options = json!({"max-size": size, "max-file": keep});
            entry.push((
                "logging",
                json!({"driver": "json-file", "options": options}),
            ));
        }
        if service.stdin != Path::new("/dev/null") {
            left_out.push(format!("its input comes from {}", service.stdin.display()));
        }
        let _ = writeln!(text, "  {}:", json!(service.name.as_str()));
        for line in comments(&left_out).lines() {
            let _ = writeln!(text, "    {line}");
        }
        for (key, value) in entry {
            let _ = writeln!(text, "    {key}: {value}");
        }
        all.extend(notes(service, &left_out));
    }
    Exported {
        name: "compose.yaml".to_owned(),
        text,
        notes: all,
    }
}

/// Escapes dollars, because compose replaces variables.
fn dollars(words: &[String]) -> Vec<String> {
    words.iter().map(|word| word.replace('$', "$$")).collect()
}

/// The services that a service waits for, until they are healthy if they have a health check.
fn depends(services: &[Service], after: &[&crate::name::Name]) -> serde_json::Value {
    let one = |name: &crate::name::Name| {
        let other = services.iter().find(|other| other.name == *name);
        let ready = other.and_then(|other| other.ready.as_ref()).and_then(until);
        let condition = if ready.is_some() {
            "service_healthy"
        } else {
            "service_started"
        };
        (name.to_string(), json!({"condition": condition}))
    };
    after
        .iter()
        .map(|name| one(name))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
