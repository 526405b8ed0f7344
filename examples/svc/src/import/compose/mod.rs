//! The services of a compose file, without their containers. Each setting that is not kept is named
//! with its line.

mod health;
mod limits;
mod node;
mod variables;

use std::path::Path;

use self::health::time;
use self::limits::{limit, percent, size};
use self::node::Node;
use self::variables::Variables;
use super::{Imported, path};
use crate::define::StopSignal;
use crate::env_file;
use crate::instances;
use crate::ready::Ready;
use crate::service::{Restart, Service};

pub(super) fn read(text: &str, here: &Path) -> Result<Imported, String> {
    let variables = Variables::of(here);
    let file = Node::read(text, &variables)?;
    let mut imported = Imported::default();
    let mut found = None;
    for (key, value) in file.entries() {
        match &*key {
            "services" => found = Some(value),
            "version" | "name" => {}
            key if key.starts_with("x-") => {}
            key => imported.note(value.place(), &format!("{key}: it is not kept")),
        }
    }
    let services = found.ok_or("it has no services")?;
    for (name, node) in services.entries() {
        let mut reading = Reading::of(&name, here)?;
        for (key, value) in node.entries() {
            let wrong = |why| format!("{}: {name}: {key}: {why}", value.place());
            if let Some(note) = reading.set(&key, value).map_err(wrong)? {
                imported.note(value.place(), &format!("{name}: {key}: {note}"));
            }
        }
        if reading.service.command.is_empty() {
            let why = format!("{name}: it has no command, and that of its image is unknown");
            imported.note(node.place(), &why);
            continue;
        }
        imported.services.extend(reading.services()?);
    }
    wait_for_health(&mut imported.services, services);
    Ok(imported)
}

/// Services that others wait for until they are healthy are ready by the check of their health.
fn wait_for_health(all: &mut [Service], services: &Node) {
    let mut awaited = vec![];
    for (_, node) in services.entries() {
        let depends = node
            .entries()
            .into_iter()
            .filter(|(key, _)| key == "depends_on");
        for (name, how) in depends.flat_map(|(_, value)| value.entries()) {
            let mut how = how.entries().into_iter();
            if how.any(|(key, value)| key == "condition" && value.text() == "service_healthy") {
                awaited.push(name);
            }
        }
    }
    for service in all {
        let is_awaited = awaited.iter().any(|name| name == service.name.as_str());
        if let Some(check) = service.health.check.clone().filter(|_| is_awaited) {
            service.ready = Some(Ready::Check(check));
        }
    }
}

/// A service that is being read.
struct Reading<'a> {
    service: Service,
    entrypoint: Vec<String>,
    instances: u32,
    here: &'a Path,
    /// The variables of files, over which its own go.
    files: Vec<(String, String)>,
}

impl<'a> Reading<'a> {
    fn of(name: &str, here: &'a Path) -> Result<Self, String> {
        let name = name
            .parse()
            .map_err(|error| format!("service {name:?}: {error}"))?;
        let mut service = Service::new(name, vec![]);
        here.clone_into(&mut service.working_directory);
        Ok(Self {
            service,
            entrypoint: vec![],
            instances: 1,
            here,
            files: vec![],
        })
    }

    /// The service, or its instances.
    fn services(mut self) -> Result<Vec<Service>, String> {
        for (key, value) in self.files {
            self.service.env.entry(key).or_insert(value);
        }
        self.service.command.splice(0..0, self.entrypoint);
        match self.instances {
            1 => Ok(vec![self.service]),
            count => instances::all(&self.service, count).map_err(|error| error.to_string()),
        }
    }

    /// Applies a key. Returns the part that could not be kept.
    fn set(&mut self, key: &str, value: &Node) -> Result<Option<String>, String> {
        let service = &mut self.service;
        match key {
            "command" => service.command = value.words()?,
            "entrypoint" => self.entrypoint = value.words()?,
            "working_dir" => service.working_directory = path(&value.text(), self.here),
            "environment" => service.env.extend(value.pairs()),
            "env_file" => {
                for file in value.list() {
                    let entries = file.entries();
                    let named = entries.iter().find(|(key, _)| key == "path");
                    let file = named.map_or_else(|| file.text(), |(_, path)| path.text());
                    let read = env_file::read(&path(&file, self.here));
                    self.files
                        .splice(0..0, read.map_err(|error| error.to_string())?);
                }
            }
            "depends_on" => {
                for name in value.names() {
                    service
                        .after
                        .push(name.parse().map_err(|error| format!("{name:?}: {error}"))?);
                }
            }
            "restart" => return self.restart(&value.text()),
            "healthcheck" => return Ok(not_kept(&health::set(&mut service.health, value)?)),
            "stop_signal" => service.stop.signal = value.text().parse::<StopSignal>()?.number(),
            "stop_grace_period" => service.stop.pause = time(value)?,
            "user" => service.user = Some(value.text().parse()?),
            "mem_limit" => limit(service, "memory", &size(value)?)?,
            "pids_limit" => limit(service, "processes", &value.text())?,
            "cpus" => limit(service, "cpu", &percent(value)?)?,
            "ulimits" => return Ok(not_kept(&limits::of_process(service, value)?)),
            "logging" => return Ok(not_kept(&limits::of_log(service, value)?)),
            "scale" => self.instances = value.number()?,
            "deploy" => return self.deploy(value),
            key if key.starts_with("x-") => {}
            "image" | "build" => return Ok(Some("it runs here, and in no container".to_owned())),
            _ => return Ok(Some("it is not kept".to_owned())),
        }
        Ok(None)
    }

    fn restart(&mut self, text: &str) -> Result<Option<String>, String> {
        let (policy, most) = text
            .split_once(':')
            .map_or((text, None), |(one, most)| (one, Some(most)));
        self.service.restart = match policy {
            "no" | "false" => Restart::No,
            "always" | "unless-stopped" => Restart::Always,
            "on-failure" => Restart::OnFailure,
            _ => return Err("it is `no`, `always`, `on-failure` or `unless-stopped`".to_owned()),
        };
        if let Some(most) = most {
            let most: u32 = most.parse().map_err(|_| "it is no number".to_owned())?;
            self.service.backoff.starts = most.saturating_add(1);
        }
        Ok(None)
    }

    fn deploy(&mut self, value: &Node) -> Result<Option<String>, String> {
        let mut left_out = vec![];
        for (key, value) in value.entries() {
            match &*key {
                "replicas" => self.instances = value.number()?,
                "resources" => {
                    for (key, value) in value.entries() {
                        if key == "limits" {
                            left_out.extend(limits::of_container(&mut self.service, value)?);
                        } else {
                            left_out.push(format!("resources.{key}"));
                        }
                    }
                }
                _ => left_out.push(key),
            }
        }
        Ok(not_kept(&left_out))
    }
}

/// Names the keys that are not kept, if there are any.
fn not_kept(keys: &[String]) -> Option<String> {
    (!keys.is_empty()).then(|| format!("{}: it is not kept", keys.join(", ")))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::check::Check;

    const FILE: &str = r#"
x-common: &common
  restart: unless-stopped
  environment: {LEVEL: info}
services:
  web:
    <<: *common
    image: web:1
    command: serve --port 80 "$$HOME" ${SVC_TEST_UNSET:-two}
    working_dir: sub
    environment:
      - PORT=8000
      - EMPTY=
    depends_on:
      db: {condition: service_healthy}
    stop_signal: SIGINT
    stop_grace_period: 1m30s
    user: "1000:1000"
    ports:
      - "80:80"
    deploy:
      replicas: 2
      resources:
        limits: {memory: 64M, cpus: "0.5", pids: 20}
        reservations: {memory: 20M}
  db:
    command: ["db", "-D", "/data"]
    restart: on-failure:3
    healthcheck:
      test: ["CMD", "pg_isready", "-U", "me"]
      interval: 2s
      start_period: 1m
    ulimits: {nofile: {soft: 100, hard: 200}}
    logging: {driver: json-file, options: {max-size: 2m, max-file: "4"}}
  cache:
    image: redis
volumes: {data: {}}
"#;

    #[test]
    fn a_service_keeps_what_has_a_meaning_without_a_container() {
        let found = read(FILE, Path::new("/srv")).unwrap();
        let names: Vec<_> = found.services.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["web@1", "web@2", "db"]);
        let (web, db) = (&found.services[1], &found.services[2]);
        assert_eq!(web.command, ["serve", "--port", "80", "$HOME", "two"]);
        assert_eq!(web.working_directory, Path::new("/srv/sub"));
        let env: Vec<_> = web
            .env
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        assert_eq!(env, ["EMPTY=", "PORT=8000", "SVC_INSTANCE=2"]);
        assert_eq!(
            (web.restart, web.stop.signal),
            (Restart::Always, libc::SIGINT)
        );
        assert_eq!(web.stop.pause, Duration::from_secs(90));
        assert_eq!(web.user.as_ref().unwrap().to_string(), "1000:1000");
        let limits: Vec<_> = web.limits.iter().map(|limit| limit.to_string()).collect();
        assert_eq!(limits, ["memory=64M", "processes=20", "cpu=50%"]);
        assert_eq!(web.after, ["db".parse().unwrap()]);
        assert_eq!((db.restart, db.backoff.starts), (Restart::OnFailure, 4));
        let check = Check::Command("pg_isready -U me".to_owned());
        assert_eq!(db.health.check.as_ref(), Some(&check));
        assert_eq!(
            (db.health.interval, db.health.retries),
            (Duration::from_secs(2), 3)
        );
        assert_eq!(db.ready, Some(Ready::Check(check)));
        let limits: Vec<_> = db.limits.iter().map(|limit| limit.to_string()).collect();
        assert_eq!(limits, ["files=100"]);
        assert_eq!((db.log.size, db.log.keep), (2 << 20, 3));
    }

    #[test]
    fn what_is_not_kept_is_said_with_its_line() {
        let mut notes = read(FILE, Path::new("/srv")).unwrap().notes;
        notes.sort();
        let expected = [
            "line 19: web: ports: it is not kept",
            "line 21: web: deploy: resources.reservations: it is not kept",
            "line 29: db: healthcheck: start_period: it is not kept",
            "line 35: cache: it has no command, and that of its image is unknown",
            "line 36: cache: image: it runs here, and in no container",
            "line 37: volumes: it is not kept",
            "line 8: web: image: it runs here, and in no container",
        ];
        assert_eq!(notes, expected);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, why) in [
            ("a: 1", "it has no services"),
            (
                "services:\n  x:\n    command: a\n    restart: often\n",
                "line 4: x: restart: it is `no`,",
            ),
            (
                "services:\n  x:\n    command: a\n    stop_grace_period: soon\n",
                "line 4: x: stop_grace_period: \"soon\"",
            ),
            (
                "services:\n  x:\n    command: ${SVC_TEST_UNSET?say it}\n",
                "line 3: SVC_TEST_UNSET: say it",
            ),
            ("services: [\n", "line "),
        ] {
            let error = read(text, Path::new("/")).unwrap_err();
            assert!(error.starts_with(why), "{error}");
        }
    }
}
