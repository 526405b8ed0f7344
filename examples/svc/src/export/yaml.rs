//! Writes YAML: one line for each value, which is JSON.

use serde_json::Value;

/// An object as YAML.
pub(super) fn text(value: &Value) -> String {
    lines(value).concat()
}

fn lines(value: &Value) -> Vec<String> {
    let mut all = vec![];
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if is_long(value) {
                    all.push(format!("{}:\n", name(key)));
                    all.extend(lines(value).into_iter().map(|line| format!("  {line}")));
                } else {
                    all.push(format!("{}: {value}\n", name(key)));
                }
            }
        }
        Value::Array(list) => {
            for value in list {
                let mut start = "- ";
                for line in lines(value) {
                    all.push(format!("{start}{line}"));
                    start = "  ";
                }
            }
        }
        value => all.push(format!("{value}\n")),
    }
    all
}

fn is_long(value: &Value) -> bool {
    match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => false,
    }
}

fn name(key: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphabetic() || "./".contains(c);
    if !key.is_empty() && key.chars().all(is_plain) {
        key.to_owned()
    } else {
        Value::from(key).to_string()
    }
}
