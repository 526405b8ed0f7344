//! A compose file.

use std::fmt::Write;

use nix::sys::signal::Signal;
use serde_json::json;

use super::names::{self, Names};
use super::{Exported, comments, limit, notes, own, repeats, seconds, streams, until};
use crate::health::Health;
use crate::limits::Limited;
use crate::name::Name;
use crate::ready::Ready;
use crate::service::{Output, Restart, Service};

/// A compose file: YAML, which includes JSON.
pub(super) fn file(services: &[Service], image: &str) -> Exported {
    let mut text = String::from("services:\n");
    let names = Names::of(services, names::key);
    let mut all = vec![];
    for service in services {
        let mut left_out: Vec<String> = names.lost(&service.name).into_iter().collect();
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
            left_out.push("the length of the pauses between restarts".to_owned());
        }
        if let Ok(signal) = Signal::try_from(service.stop.signal) {
            entry.push(("stop_signal", json!(signal.as_str())));
        }
        entry.push(("stop_grace_period", json!(seconds(service.stop.patience()))));
        left_out.extend(repeats(service));
        if let Some(user) = &service.user {
            entry.push(("user", json!(user.to_string())));
        }
        entry.extend(limits(service));
        left_out.extend(own(service));
        if let Some(schedule) = &service.schedule {
            left_out.push(format!("it starts at {schedule}"));
        }
        let known = |name: &&Name| services.iter().any(|other| other.name == **name);
        let after: Vec<_> = service.after.iter().filter(known).collect();
        if !after.is_empty() {
            entry.push(("depends_on", depends(services, &after, &names)));
        }
        let gone = service.after.iter().filter(|name| !known(name));
        left_out.extend(gone.map(|name| format!("it starts after {name}, which is not exported")));
        match service.ready.as_ref().map(|ready| (ready, until(ready))) {
            // A file has one check, and it has to be that which is repeated.
            Some((ready, _)) if service.health.check.is_some() => {
                left_out.push(format!("it is ready by {ready}"));
            }
            Some((_, Some(line))) => entry.push(("healthcheck", check(&line, "5s"))),
            Some((ready, None)) => left_out.push(format!("it is ready by {ready}")),
            None => {}
        }
        entry.extend(health(service));
        left_out.extend(streams(service));
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
        let _ = writeln!(text, "  {}:", json!(names.get(&service.name)));
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
fn depends(services: &[Service], after: &[&Name], names: &Names) -> serde_json::Value {
    let one = |name: &Name| {
        let other = services.iter().find(|other| other.name == *name);
        let ready = other.and_then(|other| other.ready.as_ref()).and_then(until);
        let is_checked = other.is_some_and(|other| other.health.check.is_some());
        let condition = if ready.is_some() || is_checked {
            "service_healthy"
        } else {
            "service_started"
        };
        (names.get(name), json!({"condition": condition}))
    };
    after
        .iter()
        .map(|name| one(name))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// The limits of a container and those of its processes.
fn limits(service: &Service) -> Vec<(&'static str, serde_json::Value)> {
    let mut of_container = serde_json::Map::new();
    let mut put = |key: &str, value: Option<serde_json::Value>| {
        of_container.extend(value.map(|value| (key.to_owned(), value)));
    };
    put(
        "memory",
        limit(service, Limited::Memory).map(|most| json!(most.to_string())),
    );
    put(
        "pids",
        limit(service, Limited::Processes).map(|most| json!(most)),
    );
    let cpus = limit(service, Limited::Cpu).map(|most| format!("{}.{:02}", most / 100, most % 100));
    put("cpus", cpus.map(|cpus| json!(cpus)));
    let mut of_process = serde_json::Map::new();
    for (key, what) in [("nofile", Limited::Files), ("cpu", Limited::CpuTime)] {
        of_process.extend(limit(service, what).map(|most| (key.to_owned(), json!(most))));
    }
    let mut entries = vec![];
    if !of_container.is_empty() {
        entries.push(("deploy", json!({"resources": {"limits": of_container}})));
    }
    if !of_process.is_empty() {
        entries.push(("ulimits", of_process.into()));
    }
    entries
}

fn check(line: &str, interval: &str) -> serde_json::Value {
    let test = json!(["CMD", "bash", "-c", line.replace('$', "$$")]);
    json!({"test": test, "interval": interval})
}

/// The check of its health.
fn health(service: &Service) -> Option<(&'static str, serde_json::Value)> {
    let Health {
        check: question,
        interval,
        timeout,
        retries,
    } = &service.health;
    let line = until(&Ready::Check(question.clone()?))?;
    let mut check = check(&line, &seconds(*interval));
    check["timeout"] = json!(seconds(*timeout));
    check["retries"] = json!(retries);
    Some(("healthcheck", check))
}
