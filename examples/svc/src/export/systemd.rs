//! Units of systemd.

use std::fmt::Write;
use std::path::Path;

use nix::sys::signal::Signal;

use super::names::{self, Names};
use super::{Exported, comments, limit, notes, repeats, seconds, times, until, watch};
use crate::limits::Limited;
use crate::ready::Ready;
use crate::reload::Reload;
use crate::service::{Output, Restart, Service};

/// The settings for limits, with the units of their values.
const LIMITS: [(Limited, &str, &str); 5] = [
    (Limited::Memory, "MemoryMax", ""),
    (Limited::Processes, "TasksMax", ""),
    (Limited::Cpu, "CPUQuota", "%"),
    (Limited::Files, "LimitNOFILE", ""),
    (Limited::CpuTime, "LimitCPU", ""),
];

/// Units for a user's systemd. Most of them also suit the system's.
pub(super) fn units(services: &[Service]) -> Vec<Exported> {
    let names = Names::of(services, names::unit);
    let mut units = vec![];
    for service in services {
        let times = service.schedule.as_ref().and_then(times::calendar);
        units.push(unit(service, &names, times.is_some()));
        units.extend(times.map(|times| timer(service, &names, &times)));
    }
    units
}

/// The unit that starts a service by its schedule.
fn timer(service: &Service, names: &Names, times: &[String]) -> Exported {
    let times = times.join("\nOnCalendar=");
    Exported {
        name: format!("{}.timer", names.get(&service.name)),
        text: format!(
            "[Unit]\nDescription=svc: the schedule of {}\n\n[Timer]\nOnCalendar={times}\nAccuracySec=1s\n\n\
            [Install]\nWantedBy=timers.target\n",
            service.name
        ),
        notes: vec![],
    }
}

fn unit(service: &Service, names: &Names, has_timer: bool) -> Exported {
    let mut left_out: Vec<String> = names.lost(&service.name).into_iter().collect();
    let mut head = format!("Description=svc: {}\n", service.name);
    if !service.after.is_empty() {
        let after = service.after.iter();
        let after: Vec<_> = after
            .map(|name| format!("{}.service", names.get(name)))
            .collect();
        let _ = writeln!(head, "After={}", after.join(" "));
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
        // A setting ends with its line.
        let _ = writeln!(body, "{key}={}", value.replace('\n', "\\n"));
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
    for (key, value) in streams(service) {
        put(key, &value);
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
    left_out.extend(repeats(service));
    for (key, value) in rights(service) {
        put(key, &value);
    }
    left_out.extend(triggers(service, has_timer));
    if let Some(user) = &service.user {
        left_out.push(format!(
            "it runs as {user}, which takes the system's systemd (User=, Group=)"
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
    // One with a timer is started by that alone.
    let install = if has_timer {
        ""
    } else {
        "\n[Install]\nWantedBy=default.target\n"
    };
    let comments = comments(&left_out);
    let text = format!("{comments}[Unit]\n{head}\n[Service]\n{body}{install}");
    Exported {
        name: format!("{}.service", names.get(&service.name)),
        text,
        notes: notes(service, &left_out),
    }
}

/// The settings for its streams that do not go to the journal.
fn streams(service: &Service) -> Vec<(&'static str, String)> {
    let text = |path: &Path| specifiers(&path.display().to_string());
    let mut settings = vec![];
    if service.stdin != Path::new("/dev/null") {
        settings.push(("StandardInput", format!("file:{}", text(&service.stdin))));
    }
    for (key, output) in [
        ("StandardOutput", &service.stdout),
        ("StandardError", &service.stderr),
    ] {
        match output {
            Output::Log => {}
            Output::File(path) if path == Path::new("/dev/null") => {
                settings.push((key, "null".to_owned()));
            }
            Output::File(path) => settings.push((key, format!("append:{}", text(path)))),
        }
    }
    settings
}

/// What starts it again or later, which are other units there.
fn triggers(service: &Service, has_timer: bool) -> Vec<String> {
    let health = service.health.check.as_ref();
    let health = health.map(|check| format!("its health is checked by {check}"));
    let schedule = service.schedule.as_ref().filter(|_| !has_timer);
    let schedule =
        schedule.map(|times| format!("it starts at {times}, which OnCalendar= cannot say"));
    [watch(service), health, schedule]
        .into_iter()
        .flatten()
        .collect()
}

/// The settings for reloading, rights and limits, with their values.
fn rights(service: &Service) -> Vec<(&'static str, String)> {
    let reload = service.reload.as_ref().map(|reload| match reload {
        Reload::Command(line) => format!("/bin/sh -c {}", argument(line)),
        signal @ Reload::Signal(_) => format!("/bin/kill -s {signal} $MAINPID"),
    });
    let reload = reload.map(|line| ("ExecReload", line));
    let umask = service.umask.map(|umask| ("UMask", format!("{umask:04o}")));
    let nice = service.nice.map(|nice| ("Nice", nice.to_string()));
    let limits = LIMITS.into_iter().filter_map(|(what, key, unit)| {
        let most = limit(service, what)?;
        Some((key, format!("{most}{unit}")))
    });
    umask
        .into_iter()
        .chain(nice)
        .chain(reload)
        .chain(limits)
        .collect()
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
