//! The words `%(…)s` in the values of a `supervisord.conf`.

use std::env;
use std::fmt::Write;
use std::path::Path;

/// The values of these words.
pub(super) struct Words<'a> {
    name: &'a str,
    process: u32,
    here: &'a Path,
}

impl<'a> Words<'a> {
    /// Those of a process of a program, in a file in that directory.
    pub(super) fn of(name: &'a str, process: u32, here: &'a Path) -> Self {
        Self {
            name,
            process,
            here,
        }
    }

    /// A text with the values of its words.
    pub(super) fn expand(&self, text: &str) -> Result<String, String> {
        let mut expanded = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('%') {
            expanded.push_str(before);
            if let Some(after) = after.strip_prefix('%') {
                expanded.push('%');
                rest = after;
                continue;
            }
            let inside = after
                .strip_prefix('(')
                .and_then(|after| after.split_once(')'));
            let (word, after) = inside.ok_or("a `%` is written `%%`")?;
            // Formats such as `02d`.
            let kind = after
                .find(['s', 'd'])
                .ok_or("after `%(…)` comes `s` or `d`")?;
            let digits = after[..kind].trim_start_matches('0').parse().unwrap_or(0);
            let value = self
                .value(word)
                .ok_or_else(|| format!("nobody knows `%({word})`"))?;
            let _ = write!(expanded, "{value:0>digits$}");
            rest = &after[kind + 1..];
        }
        expanded.push_str(rest);
        Ok(expanded)
    }

    fn value(&self, word: &str) -> Option<String> {
        match word {
            "program_name" | "group_name" => Some(self.name.to_owned()),
            "process_num" => Some(self.process.to_string()),
            "here" => Some(self.here.display().to_string()),
            "host_node_name" => std::fs::read_to_string("/proc/sys/kernel/hostname")
                .ok()
                .map(|name| name.trim().to_owned()),
            _ => env::var(word.strip_prefix("ENV_")?).ok(),
        }
    }
}
