//! Jobs of Nomad, in the JSON form of its API.

use std::time::Duration;

use nix::sys::signal::Signal;
use serde_json::{Map, Value, json};

use super::names::label;
use super::{Exported, limit, notes, own, repeats, streams, times};
use crate::check::Check;
use crate::limits::Limited;
use crate::ready::Ready;
use crate::service::{Output, Restart, Service};

/// The least values that Nomad accepts.
const LEAST_INTERVAL: Duration = Duration::from_secs(5);
const LEAST_CHECK: Duration = Duration::from_secs(1);

/// The default disk of a group, in megabytes.
const DISK: u64 = 300;

/// A job for one service.
pub(super) fn job(service: &Service) -> Exported {
    let mut left_out = vec![];
    let name = service.name.as_str();
    let kind = match service.restart {
        Restart::Always if service.schedule.is_none() => "service",
        _ => "batch",
    };
    let mut job = json!({
        "ID": name, "Name": name, "Type": kind, "Datacenters": ["*"],
        "TaskGroups": [group(service, &mut left_out)],
    });
    if let Some(schedule) = &service.schedule {
        match times::fields(schedule) {
            Some(fields) => job["Periodic"] = periodic(&fields.join(" "), &mut left_out),
            None => left_out.push(format!("it starts at {schedule}, which has no form there")),
        }
    }
    if !left_out.is_empty() {
        // JSON has no comments.
        let numbered = left_out.iter().enumerate();
        let meta = numbered.map(|(number, what)| (format!("not_here_{number}"), json!(what)));
        job["Meta"] = meta.collect::<Map<_, _>>().into();
    }
    let text = serde_json::to_string_pretty(&json!({"Job": job})).unwrap_or_default();
    Exported {
        name: format!("{name}.nomad.json"),
        text: text + "\n",
        notes: notes(service, &left_out),
    }
}

fn periodic(times: &str, left_out: &mut Vec<String>) -> Value {
    let mut periodic =
        json!({"Enabled": true, "SpecType": "cron", "Spec": times, "ProhibitOverlap": true});
    match times::zone() {
        Some(zone) => periodic["TimeZone"] = json!(zone),
        None => left_out.push(times::LOCAL.to_owned()),
    }
    periodic
}

fn group(service: &Service, left_out: &mut Vec<String>) -> Value {
    let backoff = &service.backoff;
    let attempts = match service.restart {
        Restart::No => 0,
        Restart::OnFailure | Restart::Always => backoff.starts.saturating_sub(1),
    };
    // All attempts with their pauses have to fit into the interval.
    let interval = backoff.window.max(LEAST_INTERVAL);
    let delay = backoff.first.min(interval / attempts.max(1));
    let restart = json!({
        "Attempts": attempts, "Interval": nanoseconds(interval), "Delay": nanoseconds(delay), "Mode": "fail",
    });
    if attempts > 0 {
        left_out.push("the growth of the pauses between restarts".to_owned());
    }
    let mut group = json!({
        "Name": service.name.as_str(), "Count": 1, "RestartPolicy": restart,
        "ReschedulePolicy": {"Attempts": 0, "Unlimited": false},
        "Tasks": [task(service, left_out)],
    });
    if let Some(log) = log_size(service).filter(|log| *log >= DISK) {
        // The logs have to fit on the disk of the group.
        group["EphemeralDisk"] = json!({"SizeMB": log + DISK});
    }
    // Nomad checks as long as it runs, so the health goes first.
    let ready = match &service.ready {
        Some(Ready::Check(check)) if service.health.check.is_none() => Some(check),
        Some(ready) => {
            left_out.push(format!("it is ready by {ready}"));
            None
        }
        None => None,
    };
    if let Some(check) = service.health.check.as_ref().or(ready) {
        match checked(service, check) {
            Some((network, services)) => {
                group["Networks"] = json!([network]);
                group["Services"] = json!([services]);
            }
            None => left_out.push(format!("it is checked by {check}")),
        }
    }
    let after = service.after.iter();
    left_out.extend(after.map(|name| format!("it starts after {name}")));
    group
}

/// The port of a check as a part of the network, and the check.
fn checked(service: &Service, check: &Check) -> Option<(Value, Value)> {
    let (port, mut found) = match check {
        Check::Port(port) => (*port, json!({"Type": "tcp"})),
        Check::Http(url) => {
            let rest = url.strip_prefix("http://")?;
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            let port = host
                .rsplit_once(':')
                .and_then(|(_, port)| port.parse().ok());
            (
                port.unwrap_or(80),
                json!({"Type": "http", "Path": format!("/{path}")}),
            )
        }
        Check::Command(_) => return None,
    };
    found["Name"] = json!("check");
    found["Interval"] = nanoseconds(service.health.interval.max(LEAST_CHECK)).into();
    found["Timeout"] = nanoseconds(service.health.timeout.max(LEAST_CHECK)).into();
    if service.health.check.is_some() {
        let grace = nanoseconds(service.ready_timeout);
        found["CheckRestart"] = json!({"Limit": service.health.retries, "Grace": grace});
    }
    let network = json!({"Mode": "host", "ReservedPorts": [{"Label": "main", "Value": port}]});
    let checked = json!({
        "Name": label(service.name.as_str()), "Provider": "nomad", "PortLabel": "main", "Checks": [found],
    });
    Some((network, checked))
}

fn task(service: &Service, left_out: &mut Vec<String>) -> Value {
    let (program, arguments) = service
        .command
        .split_first()
        .map_or((None, &[][..]), |(first, rest)| (Some(first), rest));
    let mut task = json!({
        "Name": service.name.as_str(), "Driver": "exec", "Env": service.env,
        "Config": {"command": program, "args": arguments, "work_dir": service.working_directory},
        "KillTimeout": nanoseconds(service.stop.patience()),
    });
    match Signal::try_from(service.stop.signal) {
        Ok(signal) => task["KillSignal"] = json!(signal.as_str()),
        Err(_) => left_out.push(format!("the signal to stop is {}", service.stop.signal)),
    }
    left_out.extend(repeats(service));
    if let Some(user) = &service.user {
        let user = user.to_string();
        let (name, group) = user
            .split_once(':')
            .map_or((&*user, None), |(name, group)| (name, Some(group)));
        task["User"] = json!(name);
        left_out.extend(group.map(|group| format!("its group is {group}")));
    }
    if let Some(memory) = limit(service, Limited::Memory) {
        task["Resources"] = json!({"MemoryMB": memory.div_ceil(1 << 20).max(10)});
    }
    for what in [
        Limited::Cpu,
        Limited::Processes,
        Limited::Files,
        Limited::CpuTime,
    ] {
        left_out.extend(limit(service, what).map(|most| format!("the limit {what}={most}")));
    }
    let texts = service.command.iter().chain(service.env.values());
    for text in texts.filter(|text| text.contains("${")) {
        left_out.push(format!(
            "the text {text:?}, in which Nomad replaces `${{…}}`"
        ));
    }
    if service.stdout == Output::Log {
        let size = log_file(service);
        task["LogConfig"] = json!({"MaxFiles": service.log.keep + 1, "MaxFileSizeMB": size});
    }
    left_out.extend(streams(service));
    left_out.extend(own(service));
    task
}

/// The size of one file of its log, in megabytes.
fn log_file(service: &Service) -> u64 {
    service.log.size.div_ceil(1 << 20).max(1)
}

/// The size of its whole log, if it has one.
fn log_size(service: &Service) -> Option<u64> {
    let files = u64::from(service.log.keep) + 1;
    (service.stdout == Output::Log).then(|| log_file(service) * files)
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
