//! The programs of a `supervisord.conf`, and of the files that it includes.

mod ini;
mod words;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use self::ini::Section;
use self::words::Words;
use super::{Imported, path};
use crate::define::{Size, StopSignal, umask};
use crate::name::BadName;
use crate::service::{Output, Restart, Service};

pub(super) fn read(text: &str, here: &Path) -> Result<Imported, String> {
    let mut imported = Imported::default();
    let mut sections = ini::sections(text, "", here)?;
    sections.extend(included(&sections)?);
    let shared = shared(&sections)?;
    for section in sections {
        let place = &section.place;
        match section.name.split_once(':') {
            Some(("program", name)) => program(&section, name.trim(), &shared, &mut imported)?,
            _ if section.name == "include" => {}
            _ if section.name == "supervisord" && !shared.is_empty() => {
                imported.note(place, "[supervisord]: only its environment is kept");
            }
            _ => imported.note(place, &format!("[{}] is not kept", section.name)),
        }
    }
    Ok(imported)
}

/// The sections of the files that `[include]` names.
fn included(sections: &[Section]) -> Result<Vec<Section>, String> {
    let mut all = vec![];
    for section in sections.iter().filter(|section| section.name == "include") {
        let Some((place, files)) = section.keys.get("files") else {
            continue;
        };
        let words = Words::of("", 0, &section.here);
        let wrong = |why: String| format!("{place}: files: {why}");
        for pattern in words.expand(files).map_err(wrong)?.split_whitespace() {
            let pattern = path(pattern, &section.here);
            let found = glob::glob(&pattern.to_string_lossy());
            for file in found.map_err(|error| wrong(error.to_string()))? {
                let file = file.map_err(|error| wrong(error.to_string()))?;
                let text = fs::read_to_string(&file);
                let text = text.map_err(|error| wrong(format!("{}: {error}", file.display())))?;
                let here = file.parent().unwrap_or(Path::new("/"));
                let shown = file.strip_prefix(&section.here).unwrap_or(&file);
                all.extend(ini::sections(
                    &text,
                    &format!("{} ", shown.display()),
                    here,
                )?);
            }
        }
    }
    Ok(all)
}

/// The environment of all programs.
fn shared(sections: &[Section]) -> Result<BTreeMap<String, String>, String> {
    let mut shared = BTreeMap::new();
    for section in sections
        .iter()
        .filter(|section| section.name == "supervisord")
    {
        if let Some((place, value)) = section.keys.get("environment") {
            let value = Words::of("", 0, &section.here).expand(value);
            let found = value.and_then(|value| environment(&value));
            shared.extend(found.map_err(|why| format!("{place}: environment: {why}"))?);
        }
    }
    Ok(shared)
}

fn program(
    section: &Section,
    name: &str,
    shared: &BTreeMap<String, String>,
    imported: &mut Imported,
) -> Result<(), String> {
    let Section { place, here, .. } = section;
    let processes: u32 = match section.keys.get("numprocs") {
        None => 1,
        Some((place, count)) => count
            .parse()
            .map_err(|_| format!("{place}: numprocs is no number"))?,
    };
    let first: u32 = section.value("numprocs_start").map_or(Ok(0), |first| {
        let first = first.parse();
        first.map_err(|_| format!("{place}: numprocs_start is no number"))
    })?;
    let default = if processes > 1 {
        "%(program_name)s-%(process_num)d"
    } else {
        "%(program_name)s"
    };
    let own = section.value("process_name").unwrap_or(default);
    for process in first..first.saturating_add(processes) {
        let words = Words::of(name, process, here);
        let own = words.expand(own).and_then(|own| {
            let own = own.parse();
            own.map_err(|error: BadName| error.to_string())
        });
        let mut service = Service::new(own.map_err(|why| format!("{place}: {why}"))?, vec![]);
        here.clone_into(&mut service.working_directory);
        service.env.clone_from(shared);
        service.restart = Restart::OnFailure;
        service.start = Some(Duration::from_secs(1));
        service.backoff.starts = 4;
        for (key, (place, value)) in &section.keys {
            let wrong = |why: String| format!("{place}: {key}: {why}");
            let value = words.expand(value).map_err(wrong)?;
            match set(&mut service, key, &value, here).map_err(wrong)? {
                // One message for all processes of a program is enough.
                Some(note) if process == first => {
                    imported.note(place, &format!("{key}: {note}"));
                }
                _ => {}
            }
        }
        if service.command.is_empty() {
            return Err(format!("{place}: [{}] has no command", section.name));
        }
        if section.value("redirect_stderr").is_some_and(is_true) {
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
        "NONE" => Output::File("/dev/null".into()),
        // The last four are those of supervisord itself, which has none here.
        "AUTO" | "SYSLOG" | "/DEV/STDOUT" | "/DEV/STDERR" | "/DEV/FD/1" | "/DEV/FD/2" => {
            Output::Log
        }
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
    fn included_files_and_the_shared_environment_count() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("conf.d")).unwrap();
        let more = "[program:b]\ncommand=b %(here)s\nenvironment=A=2\nstdout_logfile=/dev/fd/1\npriority=1\n";
        fs::write(directory.path().join("conf.d/b.conf"), more).unwrap();
        let text = "[supervisord]\nenvironment=A=1,B=1\n[program:a]\ncommand=a\n[include]\nfiles = conf.d/*.conf none.ini\n";
        let found = read(text, directory.path()).unwrap();
        let [a, b] = &found.services[..] else {
            panic!("{found:?}")
        };
        assert_eq!((&*a.env["A"], &*b.env["A"], &*b.env["B"]), ("1", "2", "1"));
        let conf = directory.path().join("conf.d");
        assert_eq!(b.command, ["b", conf.to_str().unwrap()]);
        assert_eq!(b.stdout, Output::Log);
        let notes = [
            "line 1: [supervisord]: only its environment is kept",
            "conf.d/b.conf line 5: priority: it is not kept",
        ];
        assert_eq!(found.notes, notes);
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
