//! The bodies of the commands that define services: `add`, `edit` and `import`.

use std::path::Path;

use super::App;
use crate::define::Changes;
use crate::error::Error;
use crate::import::{self, Format, Report};
use crate::instances::Scaling;
use crate::name::Name;
use crate::outcome::{Outcome, Tally};
use crate::pattern::Pattern;
use crate::service::Service;
use crate::{json, show};

impl App {
    /// Adds a service, or its instances.
    pub(super) fn add_defined(
        &self,
        name: Name,
        changes: Changes,
        json: bool,
    ) -> Result<u8, Error> {
        let services = changes.define(name)?;
        self.registry()?.add_all(&services)?;
        let mut tally = self.tally(services.len(), json);
        for service in &services {
            self.note_unknown(service)?;
            tally.note(&service.name, Ok(Outcome::Added));
        }
        tally.end()
    }

    /// Changes a service, or its instances and their number.
    pub(super) fn edit_defined(
        &self,
        name: &Name,
        changes: &Changes,
        json: bool,
    ) -> Result<u8, Error> {
        let there = self.services(&[Pattern::Name(name.clone())], false)?;
        let count = changes.instances();
        if count.is_some() && there.iter().any(|service| service.name == *name) {
            let why = "it has no instances, because it was added without";
            return Err(Error::Invalid(name.clone(), why));
        }
        let mut tally = self.tally(there.len(), json);
        let mut edited = vec![];
        for service in &there {
            let (new, outcome) = self.change(&service.name, changes)?;
            tally.note(&new.name, Ok(outcome));
            edited.push(new);
        }
        if let Some(count) = count {
            self.scale(name, count, &edited, &mut tally)?;
        }
        tally.end()
    }

    fn change(&self, name: &Name, changes: &Changes) -> Result<(Service, Outcome), Error> {
        let (old, new) = self.registry()?.change(name, |service| {
            let old = service.clone();
            changes.clone().apply(service)?;
            Ok((old, service.clone()))
        })?;
        if new.after != old.after {
            self.note_unknown(&new)?;
        }
        let outcome = if new == old {
            Outcome::Unchanged
        } else {
            Outcome::Changed
        };
        Ok((new, outcome))
    }

    /// Adds and removes instances of a service, until there are so many.
    fn scale(
        &self,
        name: &Name,
        count: u32,
        there: &[Service],
        tally: &mut Tally,
    ) -> Result<(), Error> {
        let Scaling { missing, surplus } = Scaling::to(count, name, there)?;
        let control = self.control()?;
        for service in &surplus {
            control.remove(service)?;
            tally.note(&service.name, Ok(Outcome::Removed));
        }
        self.registry()?.add_all(&missing)?;
        for service in &missing {
            tally.note(&service.name, Ok(Outcome::Added));
        }
        Ok(())
    }

    /// Names services of `--after` that do not exist. They may be added later, or be misspelled.
    fn note_unknown(&self, service: &Service) -> Result<(), Error> {
        for name in &service.after {
            match self.services(&[Pattern::Name(name.clone())], false) {
                Err(Error::Unknown(..) | Error::Hidden(_)) => show::note(&format!(
                    "`{}` starts after `{name}`, and there is no such service yet",
                    service.name
                )),
                known => drop(known?),
            }
        }
        Ok(())
    }

    /// Adds the services of a file, unless it is a dry run.
    pub(super) fn add_imported(
        &self,
        file: &Path,
        format: Option<Format>,
        dry_run: bool,
        json: bool,
    ) -> Result<(), Error> {
        let imported = import::read(file, format)?;
        for note in &imported.notes {
            show::note(&format!("{}: {note}", file.display()));
        }
        if !dry_run {
            self.registry()?.add_all(&imported.services)?;
        }
        show::print(json::or_text(&Report::of(file, &imported, !dry_run), json)?)
    }
}
