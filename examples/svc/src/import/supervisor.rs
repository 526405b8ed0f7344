//! The programs of a `supervisord.conf`.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use super::{Imported, path};
use crate::define::{Size, StopSignal, umask};
use crate::service::{Output, Restart, Service};

/// A section: its name, its line, and its keys with their lines.
struct Section {
    name: String,
    line: usize,
    keys: BTreeMap<String, (usize, String)>,
}

pub(super) fn read(text: &str, here: &Path) -> Result<Imported, String> {
    let mut imported = Imported::default();
    for section in sections(text)? {
        if let Some(("program", name)) = section.name.split_once(':') {
            program(&section, name.trim(), here, &mut imported)?;
        } else {
            let what = format!("[{}] is not kept", section.name);
            imported.note(format!("line {}", section.line), &what);
        }
    }
    Ok(imported)
}

/// The sections of an INI file, as Python reads it: a line that begins with a blank continues the
/// one before.
fn sections(text: &str) -> Result<Vec<Section>, String> {
    let mut sections: Vec<Section> = vec![];
    let mut last: Option<String> = None;
    for (number, raw) in text.lines().enumerate() {
        let number = number + 1;
        let line = raw.find(" ;").map_or(raw, |comment| &raw[..comment]);
        if line.trim().is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with([' ', '\t'])
            && let (Some(section), Some(key)) = (sections.last_mut(), &last)
        {
            if let Some((_, value)) = section.keys.get_mut(key) {
                value.push('\n');
                value.push_str(line.trim());
            }
            continue;
        }
        if let Some(name) = line
            .trim()
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            let name = name.to_owned();
            sections.push(Section {
                name,
                line: number,
                keys: BTreeMap::new(),
            });
            last = None;
            continue;
        }
        let (Some((key, value)), Some(section)) =
            (line.split_once(['=', ':']), sections.last_mut())
        else {
            return Err(format!(
                "line {number}: it is neither a section nor `key=value`"
            ));
        };
        let key = key.trim().to_lowercase();
        section
            .keys
            .insert(key.clone(), (number, value.trim().to_owned()));
        last = Some(key);
    }
    Ok(sections)
}

fn program(
    section: &Section,
    name: &str,
    here: &Path,
    imported: &mut Imported,
) -> Result<(), String> {
    let processes: u32 = match section.keys.get("numprocs") {
        None => 1,
        Some((line, count)) => count
            .parse()
            .map_err(|_| format!("line {line}: numprocs is no number"))?,
    };
    let first: u32 = section
        .keys
        .get("numprocs_start")
        .and_then(|(_, first)| first.parse().ok())
        .unwrap_or(0);
    for process in first..first + processes {
        let words = Words {
            name,
            process,
            here,
        };
        let default = if processes > 1 {
            "%(program_name)s-%(process_num)d"
        } else {
            "%(program_name)s"
        };
        let own = section
            .keys
            .get("process_name")
            .map_or(default, |(_, name)| name);
        let own = words
            .expand(own)
            .map_err(|why| format!("line {}: {why}", section.line))?;
        let own = own
            .parse()
            .map_err(|error| format!("line {}: {error}", section.line))?;
        let mut service = Service::new(own, vec![]);
        here.clone_into(&mut service.working_directory);
        service.restart = Restart::OnFailure;
        service.start = Some(Duration::from_secs(1));
        service.backoff.starts = 4;
        for (key, (line, value)) in &section.keys {
            let wrong = |why: String| format!("line {line}: {key}: {why}");
            let value = words.expand(value).map_err(wrong)?;
            match set(&mut service, key, &value, here).map_err(wrong)? {
                // One message for all processes of a program is enough.
                Some(note) if process == first => {
                    imported.note(format!("line {line}"), &format!("{key}: {note}"));
                }
                _ => {}
            }
        }
        if service.command.is_empty() {
            return Err(format!(
                "line {}: [{}] has no command",
                section.line, section.name
            ));
        }
        if section
            .keys
            .get("redirect_stderr")
            .is_some_and(|(_, value)| is_true(value))
        {
            service.stderr = service.stdout.clone();
        }
        imported.services.push(service);
    }
    Ok(())
}

/// Applies a key. Returns the part that could not be kept.
fn set(
    service: &mut Service,
    key: &str,
    value: &str,
    here: &Path,
) -> Result<Option<String>, String> {
    let seconds = || {
        value
            .parse()
            .map(Duration::from_secs)
            .map_err(|_| "it is no number".to_owned())
    };
    let mut note = None;
    match key {
        "command" => {
            service.command = shell_words::split(value).map_err(|error| error.to_string())?;
        }
        "directory" => service.working_directory = path(value, here),
        "environment" => service.env.extend(environment(value)?),
        "autorestart" => {
            service.restart = match value.to_lowercase().as_str() {
                "unexpected" => Restart::OnFailure,
                value if is_true(value) => Restart::Always,
                _ => Restart::No,
            };
        }
        "startsecs" => service.start = Some(seconds()?),
        "startretries" => {
            let retries: u32 = value.parse().map_err(|_| "it is no number".to_owned())?;
            service.backoff.starts = retries.saturating_add(1);
        }
        "stopsignal" => service.stop.signal = value.parse::<StopSignal>()?.number(),
        "stopwaitsecs" => service.stop.pause = seconds()?,
        "stdout_logfile" => service.stdout = output(value, here),
        "stderr_logfile" => service.stderr = output(value, here),
        "stdout_logfile_maxbytes" if value != "0" => {
            service.log.size = value.parse::<Size>()?.bytes();
        }
        "stdout_logfile_backups" => {
            service.log.keep = value.parse().map_err(|_| "it is no number".to_owned())?;
        }
        "user" => service.user = Some(value.parse()?),
        "umask" => service.umask = Some(umask(value)?),
        "autostart" if !is_true(value) => {
            note = Some("start it by hand, and it comes back with the machine".to_owned());
        }
        "exitcodes" if value != "0" => note = Some("only 0 is success".to_owned()),
        // Handled elsewhere. Everything is stopped anyway.
        "process_name"
        | "numprocs"
        | "numprocs_start"
        | "redirect_stderr"
        | "autostart"
        | "exitcodes"
        | "stopasgroup"
        | "killasgroup"
        | "stdout_logfile_maxbytes" => {}
        _ => note = Some("it is not kept".to_owned()),
    }
    Ok(note)
}

fn is_true(value: &str) -> bool {
    ["true", "yes", "on", "1"].contains(&value.to_lowercase().as_str())
}

fn output(value: &str, here: &Path) -> Output {
    match value.to_uppercase().as_str() {
        "AUTO" | "SYSLOG" => Output::Log,
        "NONE" => Output::File("/dev/null".into()),
        _ => Output::File(path(value, here)),
    }
}

/// `KEY="value",KEY2=value`, possibly over several lines.
fn environment(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut found = BTreeMap::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (key, after) = rest
            .split_once('=')
            .ok_or("it is written `KEY=\"value\",KEY=\"value\"`")?;
        let after = after.trim_start();
        let (value, left) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                after[1..].split_once(quote).ok_or("a quote has no end")?
            }
            _ => after.split_at(after.find(',').unwrap_or(after.len())),
        };
        found.insert(key.trim().to_owned(), value.trim_end().to_owned());
        rest = left.trim_start().trim_start_matches(',').trim_start();
    }
    Ok(found)
}

/// The value of `%(…)s`.
struct Words<'a> {
    name: &'a str,
    process: u32,
    here: &'a Path,
}

impl Words<'_> {
    fn expand(&self, text: &str) -> Result<String, String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn imported(text: &str) -> Imported {
        read(text, Path::new("/etc/app")).unwrap()
    }

    #[test]
    fn a_program_is_a_service() {
        let text = "[program:web] ; the web\ncommand=/bin/web --port 80%% 'a b'   ; comment\n\
            directory=sub\nenvironment=A=\"1,2\",B='x',\n  C=%(program_name)s\nautorestart=true\nstartsecs=5\n\
            startretries=2\nstopsignal=INT\nstopwaitsecs=7\nstdout_logfile=/var/log/web.log\nredirect_stderr=true\n\
            user=www-data\numask=027\n";
        let found = imported(text);
        let [web] = &found.services[..] else {
            panic!("{found:?}")
        };
        assert_eq!(web.command, ["/bin/web", "--port", "80%", "a b"]);
        assert_eq!(web.working_directory, Path::new("/etc/app/sub"));
        let env: Vec<_> = web
            .env
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        assert_eq!(env, ["A=1,2", "B=x", "C=web"]);
        assert_eq!(
            (web.restart, web.start),
            (Restart::Always, Some(Duration::from_secs(5)))
        );
        assert_eq!(
            (web.stop.signal, web.stop.pause),
            (libc::SIGINT, Duration::from_secs(7))
        );
        assert_eq!(web.backoff.starts, 3);
        assert_eq!(web.stdout, Output::File("/var/log/web.log".into()));
        assert_eq!(web.stderr, web.stdout);
        let user = web.user.as_ref().map(ToString::to_string);
        assert_eq!((user.as_deref(), web.umask), (Some("www-data"), Some(0o27)));
        assert_eq!(found.notes, [""; 0]);
    }

    #[test]
    fn several_processes_are_several_services() {
        let text = "[program:w]\ncommand=work %(process_num)d\nnumprocs=2\nprocess_name=%(program_name)s_%(process_num)02d\n";
        let found = imported(text);
        let names: Vec<_> = found.services.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["w_00", "w_01"]);
        assert_eq!(found.services[1].command, ["work", "1"]);
    }

    #[test]
    fn what_is_not_kept_is_said_with_its_line() {
        let text = "[unix_http_server]\nfile=/tmp/s\n\n[program:web]\ncommand=web\nuser=www\npriority=3\nautostart=false\n";
        let expected = [
            "line 1: [unix_http_server] is not kept",
            "line 8: autostart: start it by hand, and it comes back with the machine",
            "line 7: priority: it is not kept",
        ];
        assert_eq!(imported(text).notes, expected);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, why) in [
            ("[program:x]\n", "line 1: [program:x] has no command"),
            (
                "[program:x]\ncommand=a %(what)s\n",
                "line 2: command: nobody knows `%(what)`",
            ),
            (
                "[program:x]\ncommand=a\nstopsignal=WHAT\n",
                "line 3: stopsignal: there is no such signal",
            ),
            (
                "nonsense\n",
                "line 1: it is neither a section nor `key=value`",
            ),
        ] {
            assert_eq!(read(text, Path::new("/")).unwrap_err(), why);
        }
    }
}
