//! Limits of a container, of its processes and of its log.

use super::node::Node;
use crate::define::Size;
use crate::limits::{Limit, Limited};
use crate::service::Service;

/// Applies `deploy.resources.limits`. Returns the keys that are not kept.
pub(super) fn of_container(service: &mut Service, value: &Node) -> Result<Vec<String>, String> {
    let mut left_out = vec![];
    for (key, value) in value.entries() {
        match &*key {
            "memory" => limit(service, "memory", &size(value)?)?,
            "pids" => limit(service, "processes", &value.text())?,
            "cpus" => limit(service, "cpu", &percent(value)?)?,
            _ => left_out.push(format!("resources.limits.{key}")),
        }
    }
    Ok(left_out)
}

/// Applies `logging`. Returns the keys that are not kept.
pub(super) fn of_log(service: &mut Service, value: &Node) -> Result<Vec<String>, String> {
    let mut left_out = vec![];
    for (key, value) in value.entries() {
        match &*key {
            "driver" if ["json-file", "local"].contains(&&*value.text()) => {}
            "options" => {
                for (key, value) in value.entries() {
                    match &*key {
                        "max-size" => service.log.size = value.text().parse::<Size>()?.bytes(),
                        // The current one is among them.
                        "max-file" => service.log.keep = value.number()?.saturating_sub(1),
                        _ => left_out.push(format!("options.{key}")),
                    }
                }
            }
            _ => left_out.push(key),
        }
    }
    Ok(left_out)
}

/// Sets a limit.
pub(super) fn limit(service: &mut Service, what: &str, most: &str) -> Result<(), String> {
    let limit: Limit = format!("{what}={most}").parse()?;
    service.limits.set(limit);
    Ok(())
}

/// Applies `ulimits`. Returns the keys that are not kept.
pub(super) fn of_process(service: &mut Service, value: &Node) -> Result<Vec<String>, String> {
    let mut left_out = vec![];
    for (key, value) in value.entries() {
        let entries = value.entries();
        let soft = entries.iter().find(|(key, _)| key == "soft");
        let most = soft.map_or_else(|| value.number(), |(_, soft)| soft.number())?;
        let what = match &*key {
            "nofile" => Limited::Files,
            "cpu" => Limited::CpuTime,
            "nproc" => Limited::Processes,
            _ => {
                left_out.push(key);
                continue;
            }
        };
        limit(service, &what.to_string(), &most.to_string())?;
    }
    Ok(left_out)
}

/// A size in bytes.
pub(super) fn size(value: &Node) -> Result<String, String> {
    let size: Size = value.text().parse()?;
    Ok(size.bytes().to_string())
}

/// The percentage of one CPU.
pub(super) fn percent(value: &Node) -> Result<String, String> {
    let cpus: f64 = value
        .text()
        .parse()
        .map_err(|_| "it is no number".to_owned())?;
    Ok(format!("{:.0}%", cpus * 100.0))
}
