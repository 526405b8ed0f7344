//! Manifests of Kubernetes: a Deployment for a service that always comes back, a `CronJob` for one with
//! a schedule, and a Job for the others.

use serde_json::{Map, Value, json};

use super::names::{self, Names};
use super::{Exported, comments, limit, notes, own, repeats, streams, times, yaml};
use crate::check::Check;
use crate::limits::Limited;
use crate::ready::Ready;
use crate::service::{Restart, Service};

/// One file with all manifests.
pub(super) fn file(services: &[Service], image: &str) -> Exported {
    let names = Names::of(services, names::label);
    let (mut documents, mut all) = (vec![], vec![]);
    for service in services {
        let mut left_out: Vec<String> = names.lost(&service.name).into_iter().collect();
        let name = names.get(&service.name);
        let manifest = manifest(service, &name, image, &mut left_out);
        documents.push(comments(&left_out) + &yaml::text(&manifest));
        all.extend(notes(service, &left_out));
    }
    Exported {
        name: "kubernetes.yaml".to_owned(),
        text: documents.join("---\n"),
        notes: all,
    }
}

fn manifest(service: &Service, name: &str, image: &str, left_out: &mut Vec<String>) -> Value {
    let labels = json!({"app.kubernetes.io/name": name});
    let pod = json!({"metadata": {"labels": labels}, "spec": pod(service, name, image, left_out)});
    let metadata = json!({"name": name, "labels": labels});
    let job = json!({"backoffLimit": retries(service), "template": pod});
    if let Some(schedule) = schedule(service, left_out) {
        let mut spec = json!({"schedule": schedule, "concurrencyPolicy": "Forbid", "jobTemplate": {"spec": job}});
        match times::zone() {
            Some(zone) => spec["timeZone"] = json!(zone),
            None => left_out.push(times::LOCAL.to_owned()),
        }
        return json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": metadata, "spec": spec});
    }
    if service.restart != Restart::Always {
        return json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": job});
    }
    let spec = json!({"replicas": 1, "selector": {"matchLabels": labels}, "strategy": {"type": "Recreate"}, "template": pod});
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec})
}

fn retries(service: &Service) -> u32 {
    match service.restart {
        Restart::No => 0,
        Restart::OnFailure | Restart::Always => service.backoff.starts.saturating_sub(1),
    }
}

/// The schedule in five fields.
fn schedule(service: &Service, left_out: &mut Vec<String>) -> Option<String> {
    let schedule = service.schedule.as_ref()?;
    let Some([seconds, fields @ .., years]) = times::fields(schedule) else {
        left_out.push(format!("it starts at {schedule}, which has no form there"));
        return None;
    };
    if seconds != "0" {
        left_out.push(format!("it starts at second {seconds}"));
    }
    if years != "*" {
        left_out.push(format!("it starts only in {years}"));
    }
    Some(fields.join(" "))
}

fn pod(service: &Service, name: &str, image: &str, left_out: &mut Vec<String>) -> Value {
    let mut pod = Map::new();
    let is_deployment = service.restart == Restart::Always && service.schedule.is_none();
    let policy = match service.restart {
        _ if is_deployment => "Always",
        Restart::No => "Never",
        Restart::OnFailure | Restart::Always => "OnFailure",
    };
    pod.insert("restartPolicy".to_owned(), json!(policy));
    pod.insert(
        "terminationGracePeriodSeconds".to_owned(),
        json!(seconds(service.stop.patience())),
    );
    if let Some(context) = context(service, left_out) {
        pod.insert("securityContext".to_owned(), context);
    }
    pod.insert(
        "containers".to_owned(),
        json!([container(service, name, image, left_out)]),
    );
    if service.restart != Restart::No {
        left_out.push("the length of the pauses between restarts".to_owned());
    }
    if service.stop.signal != libc::SIGTERM {
        left_out.push(format!("the signal to stop is {}", service.stop.signal));
    }
    left_out.extend(repeats(service));
    let after = service.after.iter();
    left_out.extend(after.map(|name| format!("it starts after {name}")));
    left_out.extend(streams(service));
    left_out.extend(own(service));
    pod.into()
}

/// The user, by number.
fn context(service: &Service, left_out: &mut Vec<String>) -> Option<Value> {
    let user = service.user.as_ref()?.to_string();
    let (user, group) = user
        .split_once(':')
        .map_or((&*user, None), |(user, group)| (user, Some(group)));
    let numbers: Option<Vec<u32>> = [Some(user), group]
        .into_iter()
        .flatten()
        .map(|text| text.parse().ok())
        .collect();
    let Some(numbers) = numbers else {
        left_out.push(format!("it runs as {user}, of which the number is needed"));
        return None;
    };
    let keys = ["runAsUser", "runAsGroup"].map(str::to_owned);
    Some(
        keys.into_iter()
            .zip(numbers.into_iter().map(Value::from))
            .collect::<Map<_, _>>()
            .into(),
    )
}

fn container(service: &Service, name: &str, image: &str, left_out: &mut Vec<String>) -> Value {
    let mut container = Map::new();
    let mut put = |key: &str, value: Value| container.insert(key.to_owned(), value);
    put("name", json!(name));
    put("image", json!(image));
    let words: Vec<_> = service.command.iter().map(|word| plain(word)).collect();
    put("command", json!(words));
    put("workingDir", json!(service.working_directory));
    let env = service.env.iter();
    let env: Vec<_> = env
        .map(|(key, value)| json!({"name": key, "value": plain(value)}))
        .collect();
    if !env.is_empty() {
        put("env", env.into());
    }
    let limits = limits(service, left_out);
    if !limits.is_empty() {
        put("resources", json!({"limits": limits}));
    }
    match &service.ready {
        None => {}
        Some(Ready::Check(check)) => {
            let tries = service.ready_timeout.as_secs().clamp(1, 3600);
            let timing =
                json!({"periodSeconds": 1, "timeoutSeconds": 5, "failureThreshold": tries});
            put("startupProbe", probe(check, &timing));
        }
        Some(ready) => left_out.push(format!("it is ready by {ready}")),
    }
    if let Some(check) = &service.health.check {
        let health = &service.health;
        let [interval, timeout] =
            [health.interval, health.timeout].map(|time| seconds(time).max(1));
        let timing = json!({"periodSeconds": interval, "timeoutSeconds": timeout, "failureThreshold": health.retries});
        put("livenessProbe", probe(check, &timing));
    }
    container.into()
}

/// Limits of the container.
fn limits(service: &Service, left_out: &mut Vec<String>) -> Map<String, Value> {
    let memory = limit(service, Limited::Memory).map(|most| json!(most.to_string()));
    let cpu = limit(service, Limited::Cpu).map(|most| json!(format!("{}m", most * 10)));
    for what in [Limited::Processes, Limited::Files, Limited::CpuTime] {
        left_out.extend(limit(service, what).map(|most| format!("the limit {what}={most}")));
    }
    let both = [("memory", memory), ("cpu", cpu)].into_iter();
    both.filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
}

/// A probe. The kubelet connects to the address of the pod, and not to 127.0.0.1.
fn probe(check: &Check, timing: &Value) -> Value {
    let (key, action) = match check {
        Check::Port(port) => ("tcpSocket", json!({"port": port})),
        Check::Http(url) => ("httpGet", get(url)),
        Check::Command(line) => {
            let words = shell_words::split(line).unwrap_or_default();
            let words: Vec<_> = words.iter().map(|word| plain(word)).collect();
            ("exec", json!({"command": words}))
        }
    };
    let mut probe = timing.as_object().cloned().unwrap_or_default();
    probe.insert(key.to_owned(), action);
    probe.into()
}

fn get(url: &str) -> Value {
    let rest = url.strip_prefix("http://").unwrap_or(url);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let port = host
        .rsplit_once(':')
        .and_then(|(_, port)| port.parse::<u16>().ok());
    json!({"port": port.unwrap_or(80), "path": format!("/{path}")})
}

/// A text without `$(NAME)`, which Kubernetes would replace.
fn plain(text: &str) -> String {
    text.replace("$(", "$$(")
}

fn seconds(time: std::time::Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
