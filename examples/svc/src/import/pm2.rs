//! pm2's ecosystem in JSON: `{"apps": […]}`, or only the list.

use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Imported, path};
use crate::service::{Output, Restart, Service};

/// The interpreter of a script, by its suffix.
const INTERPRETERS: [(&str, &str); 6] = [
    ("js", "node"),
    ("mjs", "node"),
    ("cjs", "node"),
    ("py", "python3"),
    ("sh", "bash"),
    ("rb", "ruby"),
];

pub(super) fn read(text: &str, here: &Path) -> Result<Imported, String> {
    let file: Value = serde_json::from_str(text).map_err(|error| {
        format!("{error}; of a JavaScript file make JSON: node -p \"JSON.stringify(require('./ecosystem.config.js'))\"")
    })?;
    let apps = file.get("apps").unwrap_or(&file);
    let apps = match apps {
        Value::Array(apps) => apps.iter().collect(),
        app @ Value::Object(_) => vec![app],
        _ => return Err("it has no list of apps".to_owned()),
    };
    let mut imported = Imported::default();
    for (number, app) in apps.into_iter().enumerate() {
        let app = app
            .as_object()
            .ok_or(format!("app {} is no object", number + 1))?;
        add(app, here, &mut imported).map_err(|why| format!("app {}: {why}", number + 1))?;
    }
    Ok(imported)
}

fn add(app: &Map<String, Value>, here: &Path, imported: &mut Imported) -> Result<(), String> {
    let text = |key: &str| app.get(key).and_then(Value::as_str);
    let script = text("script").ok_or("it has no script")?;
    let stem = Path::new(script).file_stem().and_then(|stem| stem.to_str());
    let name = text("name").or(stem).unwrap_or(script);
    let directory = text("cwd").map_or_else(|| here.to_owned(), |cwd| path(cwd, here));
    let mut service = Service::new(
        name.parse().map_err(|error| format!("{name:?}: {error}"))?,
        vec![],
    );
    service.command = command(app, script, &directory)?;
    service.working_directory = directory;
    // pm2's default.
    service.restart = Restart::Always;
    (service.stop.signal, service.stop.pause) = (libc::SIGINT, Duration::from_millis(1600));
    service.backoff.starts = 16;
    for (key, value) in app {
        if let Some(note) =
            set(&mut service, key, value, app, here).map_err(|why| format!("{key}: {why}"))?
        {
            imported.note(name, &format!("{key}: {note}"));
        }
    }
    let instances = app
        .get("instances")
        .and_then(Value::as_u64)
        .unwrap_or(1)
        .max(1);
    if app
        .get("instances")
        .is_some_and(|count| count.as_u64().is_none_or(|count| count == 0))
    {
        imported.note(name, "instances: one is made; say a number for more");
    }
    for instance in 0..instances {
        let mut service = service.clone();
        if instances > 1 {
            service.name = format!("{name}-{instance}")
                .parse()
                .map_err(|error| format!("{error}"))?;
            service
                .env
                .insert("NODE_APP_INSTANCE".to_owned(), instance.to_string());
        }
        imported.services.push(service);
    }
    Ok(())
}

fn command(
    app: &Map<String, Value>,
    script: &str,
    directory: &Path,
) -> Result<Vec<String>, String> {
    let end = Path::new(script).extension().and_then(|end| end.to_str());
    let known = INTERPRETERS.iter().find(|(known, _)| Some(*known) == end);
    let interpreter = app
        .get("exec_interpreter")
        .or_else(|| app.get("interpreter"));
    let interpreter = match interpreter.and_then(Value::as_str) {
        Some("none") => None,
        Some(interpreter) => Some(interpreter),
        None => known.map(|(_, interpreter)| *interpreter),
    };
    let mut words: Vec<String> = interpreter.into_iter().map(str::to_owned).collect();
    for key in ["interpreter_args", "node_args"] {
        words.extend(list(app.get(key))?);
    }
    // A script is a file. A program without an interpreter may be in PATH.
    let is_file = interpreter.is_some() || directory.join(script).is_file();
    words.push(if is_file {
        path(script, directory).display().to_string()
    } else {
        script.to_owned()
    });
    words.extend(list(app.get("args"))?);
    Ok(words)
}

fn list(value: Option<&Value>) -> Result<Vec<String>, String> {
    match value {
        None | Some(Value::Null) => Ok(vec![]),
        Some(Value::String(line)) => shell_words::split(line).map_err(|error| error.to_string()),
        Some(Value::Array(words)) => Ok(words.iter().map(plain).collect()),
        Some(_) => Err("its arguments are neither a text nor a list".to_owned()),
    }
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Applies a key. Returns the part that could not be kept.
fn set(
    service: &mut Service,
    key: &str,
    value: &Value,
    app: &Map<String, Value>,
    here: &Path,
) -> Result<Option<String>, String> {
    let millis = || {
        value
            .as_u64()
            .map(Duration::from_millis)
            .ok_or_else(|| "it is no number of milliseconds".to_owned())
    };
    let file = || {
        value
            .as_str()
            .map(|file| Output::File(path(file, here)))
            .ok_or_else(|| "it is no path".to_owned())
    };
    match key {
        "env" => {
            let env = value.as_object().ok_or("it is no object")?;
            service
                .env
                .extend(env.iter().map(|(key, value)| (key.clone(), plain(value))));
        }
        "autorestart" if value == false => service.restart = Restart::No,
        "max_restarts" => {
            let most = value.as_u64().and_then(|most| u32::try_from(most).ok());
            service.backoff.starts = most.ok_or("it is no number")?.saturating_add(1);
        }
        "restart_delay" | "exp_backoff_restart_delay" => service.backoff.first = millis()?,
        "min_uptime" if value.is_u64() => service.start = Some(millis()?),
        "kill_timeout" => service.stop.pause = millis()?,
        "watch" if value == true => {
            service.watch.paths = vec![service.working_directory.clone()];
        }
        "watch" if value != false => {
            let paths = list(Some(value))?.into_iter();
            let paths = paths.map(|file| path(&file, &service.working_directory));
            service.watch.paths = paths.collect();
        }
        "ignore_watch" => service.watch.ignore = list(Some(value))?,
        "watch_delay" => service.watch.pause = millis()?,
        "cron_restart" => return cron(service, value, app),
        "max_memory_restart" => {
            let limit = plain(value);
            return Ok(Some(format!(
                "svc refuses memory beyond a limit, and does not restart for it; that is `svc edit {} --limit memory={limit}`",
                service.name
            )));
        }
        "uid" => service.user = Some(plain(value).parse()?),
        "out_file" | "output" | "out" => service.stdout = file()?,
        "error_file" | "error" | "err" => service.stderr = file()?,
        "log_file" | "log" if value.is_string() => {
            (service.stdout, service.stderr) = (file()?, file()?);
        }
        "name" | "script" | "args" | "cwd" | "interpreter" | "exec_interpreter"
        | "interpreter_args" | "node_args" | "instances" | "autorestart" | "namespace"
        | "watch" | "merge_logs" | "combine_logs" | "time" => {}
        "exec_mode" if value == "fork" || value == "fork_mode" => {}
        _ => return Ok(Some("it is not kept".to_owned())),
    }
    Ok(None)
}

/// `cron_restart`. An app that ends is started at these times, as `--schedule` does it. An app that runs on is
/// restarted, which has no counterpart.
fn cron(
    service: &mut Service,
    value: &Value,
    app: &Map<String, Value>,
) -> Result<Option<String>, String> {
    // pm2 also takes these for none.
    if [json!(false), json!(0), json!("0"), Value::Null].contains(value) {
        return Ok(None);
    }
    let times = plain(value);
    if app.get("autorestart") == Some(&json!(false)) {
        service.schedule = Some(times.parse()?);
        return Ok(Some(
            "it starts at these times, and not also at once".to_owned(),
        ));
    }
    Ok(Some(format!(
        "svc starts at times what has ended, and restarts nothing; a line of your crontab does: `{times} svc restart {}`",
        service.name
    )))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn an_app_is_a_service_for_each_instance() {
        let text = r#"{"apps": [
            {"name": "api", "script": "api.js", "args": "--port 80", "instances": 2, "env": {"A": 1}, "watch": true,
             "max_memory_restart": "1G", "kill_timeout": 3000, "out_file": "out.log", "autorestart": false},
            {"script": "/bin/sleep", "interpreter": "none", "args": ["1", 2]}]}"#;
        let found = read(text, Path::new("/srv")).unwrap();
        let names: Vec<_> = found.services.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["api-0", "api-1", "sleep"]);
        let api = &found.services[1];
        assert_eq!(api.command, ["node", "/srv/api.js", "--port", "80"]);
        assert_eq!((&*api.env["A"], &*api.env["NODE_APP_INSTANCE"]), ("1", "1"));
        assert_eq!(
            (api.restart, api.stop.pause),
            (Restart::No, Duration::from_secs(3))
        );
        assert_eq!(api.stdout, Output::File("/srv/out.log".into()));
        assert_eq!(found.services[2].command, ["/bin/sleep", "1", "2"]);
        let why = "svc refuses memory beyond a limit, and does not restart for it; that is `svc edit api --limit memory=1G`";
        assert_eq!(found.notes, [format!("api: max_memory_restart: {why}")]);
        assert_eq!(api.watch.paths, [Path::new("/srv")]);
        assert_eq!(found.services[2].watch.paths, Vec::<PathBuf>::new());
    }

    #[test]
    fn times_are_a_schedule_if_the_app_ends() {
        let text = r#"[{"name": "job", "script": "/j", "autorestart": false, "cron_restart": "0 3 * * *"},
            {"name": "app", "script": "/a", "cron_restart": "0 3 * * *"}, {"script": "/b", "cron_restart": 0}]"#;
        let found = read(text, Path::new("/")).unwrap();
        let [job, app, _] = &found.services[..] else {
            panic!("{found:?}")
        };
        assert_eq!(job.schedule.as_ref().unwrap().to_string(), "0 3 * * *");
        assert_eq!((job.restart, app.schedule.as_ref()), (Restart::No, None));
        let notes = [
            "job: cron_restart: it starts at these times, and not also at once",
            "app: cron_restart: svc starts at times what has ended, and restarts nothing; a line of your crontab does: \
             `0 3 * * * svc restart app`",
        ];
        assert_eq!(found.notes, notes);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let error = |text: &str| read(text, Path::new("/")).unwrap_err();
        assert!(error("module.exports = {}").contains("JSON.stringify"));
        assert_eq!(error(r#"[{"name": "x"}]"#), "app 1: it has no script");
        assert_eq!(error("3"), "it has no list of apps");
    }
}
