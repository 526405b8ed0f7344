//! A copy of each definition as a file, which can restore a damaged registry.
//!
//! Mirrors are not synced to the disk. The registry is, and only the loss of both loses a service.

use std::fs;
use std::path::{Path, PathBuf};

use super::aside;
use super::recover::Unread;
use crate::error::{Error, reason};
use crate::name::Name;
use crate::paths::Paths;
use crate::service::Service;
use crate::trust;

/// Mirrors that are written, but do not count before [`Prepared::publish`]. So a full disk shows
/// before the commit.
pub(super) struct Prepared(Vec<(PathBuf, PathBuf)>);

impl Prepared {
    /// Puts the mirrors in their places.
    pub(super) fn publish(mut self) -> Result<(), Error> {
        while let Some((new, mirror)) = self.0.pop() {
            aside::rename(&new, &mirror)?;
        }
        Ok(())
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        for (new, _) in &self.0 {
            let _ = fs::remove_file(new);
        }
    }
}

/// Writes the mirrors of these services.
pub(super) fn prepare<'a>(
    paths: &Paths,
    services: impl IntoIterator<Item = &'a Service>,
) -> Result<Prepared, Error> {
    let mut prepared = Prepared(Vec::new());
    for service in services {
        if prepared.0.is_empty() {
            trust::directory(&paths.mirrors())?;
            sweep(paths)?;
        }
        let mirror = paths.mirror(&service.name);
        let new = aside::beside(&mirror, ".new");
        aside::create(&new)?;
        prepared.0.push((new.clone(), mirror));
        fs::write(&new, json(service)).map_err(|error| Error::file(&new, error))?;
    }
    Ok(prepared)
}

/// Removes the remains of a change that was killed.
fn sweep(paths: &Paths) -> Result<(), Error> {
    let mirrors = paths.mirrors();
    let entries = fs::read_dir(&mirrors).map_err(|error| Error::file(&mirrors, error))?;
    for entry in entries.flatten() {
        if entry.file_name().as_encoded_bytes().ends_with(b".json.new") {
            fs::remove_file(entry.path()).map_err(|error| Error::file(entry.path(), error))?;
        }
    }
    Ok(())
}

/// Removes the mirror of a service, if there is one.
pub(super) fn remove(paths: &Paths, name: &Name) -> Result<(), Error> {
    let mirror = paths.mirror(name);
    match fs::remove_file(&mirror) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file(mirror, error))
        }
        _ => Ok(()),
    }
}

/// Makes the mirrors equal to the services, and returns the names of those that differed. The
/// mirror of a missing service is kept under another name.
pub(super) fn sync(paths: &Paths, services: &[Service]) -> Result<Vec<Name>, Error> {
    let stale = |service: &&Service| {
        let mirror = fs::read(paths.mirror(&service.name));
        mirror.ok().as_deref() != Some(json(service).as_bytes())
    };
    let stale: Vec<_> = services.iter().filter(stale).collect();
    prepare(paths, stale.iter().copied())?.publish()?;
    for mirror in all(paths) {
        if !services
            .iter()
            .any(|service| paths.mirror(&service.name) == mirror)
        {
            aside::rename(&mirror, &aside::free(&mirror))?;
        }
    }
    Ok(stale
        .into_iter()
        .map(|service| service.name.clone())
        .collect())
}

/// The content of all mirrors, and why some are unreadable.
pub(super) fn read(paths: &Paths) -> (Vec<Service>, Vec<Unread>) {
    let (mut services, mut unread) = (Vec::new(), Vec::new());
    for mirror in all(paths) {
        match read_one(paths, &mirror) {
            Ok(service) => services.push(service),
            Err(why) => unread.push(Unread {
                name: mirror.file_stem().map(|name| name.to_string_lossy().into()),
                why: format!("{}: {why}", mirror.display()),
            }),
        }
    }
    (services, unread)
}

/// Puts all mirrors aside.
pub(super) fn put_aside(paths: &Paths) -> Result<(), Error> {
    if any(paths) {
        let mirrors = paths.mirrors();
        aside::rename(&mirrors, &aside::free(&mirrors))?;
    }
    Ok(())
}

/// Whether there are any mirrors.
pub(super) fn any(paths: &Paths) -> bool {
    !all(paths).is_empty()
}

fn all(paths: &Paths) -> Vec<PathBuf> {
    let entries = fs::read_dir(paths.mirrors())
        .into_iter()
        .flatten()
        .flatten();
    let files = entries.map(|entry| entry.path());
    let mut mirrors: Vec<_> = files
        .filter(|path| path.extension() == Some("json".as_ref()))
        .collect();
    mirrors.sort();
    mirrors
}

fn read_one(paths: &Paths, mirror: &Path) -> Result<Service, String> {
    let text = fs::read(mirror).map_err(|error| reason(&error))?;
    let service: Service = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    if paths.mirror(&service.name) != mirror {
        return Err(format!("it is of service `{}`", service.name));
    }
    if service.command.is_empty() {
        return Err("its command is empty".to_owned());
    }
    Ok(service)
}

fn json(service: &Service) -> String {
    let json = serde_json::to_string_pretty(service);
    json.expect("paths were checked to be text when the service was added") + "\n"
}
