//! One service for people, as `status NAME` prints it.

use std::path::Path;

use super::text::{ago, one_line};
use crate::health::Failing;
use crate::look::Seen;
use crate::name::Name;
use crate::service::{Output, Service};

/// The facts about one service, one a line. JSON has the rest.
#[must_use]
pub fn details(seen: &Seen) -> String {
    let Service {
        name,
        command,
        working_directory,
        stdin,
        stdout,
        stderr,
        env,
        restart,
        after,
        ..
    } = &seen.service;
    let names = |names: &[Name]| {
        names
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut lines = vec![
        ("state", seen.condition.to_string()),
        ("command", shell_words::join(command)),
        ("directory", working_directory.display().to_string()),
        ("restart", restart.to_string()),
    ];
    let mut also = |name, value: Option<String>| lines.extend(value.map(|value| (name, value)));
    also("pid", seen.pid.map(|pid| pid.to_string()));
    also("since", seen.since.map(ago));
    also(
        "restarts",
        (seen.restarts > 0).then(|| seen.restarts.to_string()),
    );
    also("last exit", seen.last_exit.map(|exit| exit.to_string()));
    let memory = "the kernel killed a process, because the memory was used up";
    also("memory", seen.out_of_memory.then(|| memory.to_owned()));
    also("stdin", given(stdin));
    also("stdout", given(stdout.as_path()));
    also("stderr", given(stderr.as_path()));
    let lost = seen.log_lost.as_ref();
    also(
        "log",
        lost.map(|lost| format!("{} bytes could not be written: {}", lost.bytes, lost.why)),
    );
    let user = seen.service.user.as_ref();
    also("user", user.map(ToString::to_string));
    let umask = seen.service.umask;
    also("umask", umask.map(|umask| format!("{umask:03o}")));
    also("nice", seen.service.nice.map(|nice| nice.to_string()));
    for limit in seen.service.limits.iter() {
        let held = seen.limits_held.get(&limit.what);
        let held = held.map(|held| format!(", {held}")).unwrap_or_default();
        also("limit", Some(format!("{limit}{held}")));
    }
    for (what, value) in care(seen) {
        also(what, Some(value));
    }
    also("after", (!after.is_empty()).then(|| names(after)));
    let running = seen.running_command.as_deref();
    also("running", running.map(shell_words::join));
    also(
        "note",
        seen.is_changed
            .then(|| "it was changed since: `svc restart` applies that".into()),
    );
    for (variable, value) in env {
        also("env", Some(format!("{variable}={value}")));
    }
    let lines = lines
        .iter()
        .map(|(what, value)| format!("{what:>10}  {}\n", one_line(value)));
    format!("{name}\n{}", lines.collect::<String>())
}

/// What starts a service, or starts it again, without a command.
fn care(seen: &Seen) -> Vec<(&'static str, String)> {
    let mut lines = vec![];
    let Service {
        health,
        reload,
        schedule,
        watch,
        ..
    } = &seen.service;
    if let Some(check) = &health.check {
        let failing = seen.failing.as_ref();
        let failing = failing.map(|failing| {
            let Failing { count, why } = failing;
            format!(", failing {count} of {}: {why}", health.retries)
        });
        lines.push(("health", format!("{check}{}", failing.unwrap_or_default())));
    }
    let reload = reload.as_ref();
    lines.extend(reload.map(|reload| ("reload", reload.to_string())));
    let schedule = schedule.as_ref();
    lines.extend(schedule.map(|schedule| ("schedule", schedule.to_string())));
    let paths = watch.paths.iter();
    lines.extend(paths.map(|path| ("watch", path.display().to_string())));
    let because = seen.restarted_because.as_ref();
    lines.extend(because.map(|why| ("restarted", format!("because {why}"))));
    lines
}

/// A stream that does not go to /dev/null.
fn given(file: &Path) -> Option<String> {
    (file != Path::new("/dev/null") && file != Output::Log.as_path())
        .then(|| file.display().to_string())
}
