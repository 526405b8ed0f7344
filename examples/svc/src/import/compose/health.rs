//! The check of the health of a container.

use std::time::Duration;

use super::node::Node;
use crate::check::Check;
use crate::health::Health;

/// Applies `healthcheck`. Returns the keys that are not kept.
pub(super) fn set(health: &mut Health, value: &Node) -> Result<Vec<String>, String> {
    // The defaults of compose.
    health.interval = Duration::from_secs(30);
    health.timeout = Duration::from_secs(30);
    let mut left_out = vec![];
    let mut is_disabled = false;
    for (key, value) in value.entries() {
        match &*key {
            "test" => health.check = test(value)?,
            "interval" => health.interval = time(value)?,
            "timeout" => health.timeout = time(value)?,
            "retries" => health.retries = value.number()?,
            "disable" => is_disabled = value.text() == "true",
            _ => left_out.push(key),
        }
    }
    if is_disabled {
        health.check = None;
    }
    Ok(left_out)
}

fn test(value: &Node) -> Result<Option<Check>, String> {
    let words: Vec<String> = value.list().into_iter().map(Node::text).collect();
    let shell = |line: &str| shell_words::join(["sh", "-c", line]);
    let line = match &words[..] {
        [line] if !value.is_list() => shell(line),
        [kind] if kind == "NONE" => return Ok(None),
        [kind, line] if kind == "CMD-SHELL" => shell(line),
        [kind, words @ ..] if kind == "CMD" && !words.is_empty() => shell_words::join(words),
        _ => return Err("a test begins with CMD, CMD-SHELL or NONE".to_owned()),
    };
    Ok(Some(Check::Command(line)))
}

/// A duration such as `1m30s`.
pub(super) fn time(value: &Node) -> Result<Duration, String> {
    let text = value.text();
    humantime::parse_duration(&text).map_err(|_| format!("{text:?} is no time such as `1m30s`"))
}
