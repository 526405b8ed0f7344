//! Starting the process of a service.

use std::time::Instant;

use daemon::Failure;
use rustix::process::{Pid, geteuid, getpid};

use super::Shim;
use super::checkup::Checkup;
use crate::account::{Account, RunAs};
use crate::file_watch::FileWatch;
use crate::identity::Identity;
use crate::kill_point::KillPoint;
use crate::notices::Notices;
use crate::service::Service;
use crate::spawn::{Ground, Spawn, spawn};
use crate::state::Phase;
use crate::streams::Streams;
use crate::surroundings::Kept;

impl Shim {
    /// Starts the service now. If that fails, nothing of it is left.
    pub(super) fn launch(&mut self) -> Result<Pid, Failure> {
        let launched = self.try_to_launch();
        if launched.is_err() {
            self.state.leave_cgroup();
        }
        launched
    }

    fn try_to_launch(&mut self) -> Result<Pid, Failure> {
        self.state.ready = false;
        self.start_logger()?;
        let service = &self.state.service;
        let account = account(service)?;
        // The old one goes first, because both have the same address.
        self.notices = None;
        self.notices = Notices::of(service, &self.files.state)?;
        // Before the program is read, so that no change is missed.
        let watching = FileWatch::of(&service.watch, &self.files.state);
        self.file_watch = watching.map_err(|error| Failure::new("watch", &error))?;
        let uid = account
            .as_ref()
            .map_or_else(|| geteuid().as_raw(), Account::uid);
        let bounds = service
            .limits
            .prepare(&service.name, &self.files.state, uid == 0);
        self.state.held.clone_from(&bounds.held);
        self.state.enter_cgroup(bounds.cgroup.as_ref());
        let (host, file, mut state) = (
            self.host.clone(),
            self.files.state.clone(),
            self.state.clone(),
        );
        let record = move || {
            state.process = Some(Identity::of(getpid(), &host)?);
            state.enter(Phase::Starting);
            state.write(&file)?;
            KillPoint::ServiceRecorded.pass();
            Ok(())
        };
        let kept = self.state.surroundings.as_ref();
        let surroundings = kept.map(Kept::surroundings).unwrap_or_default();
        let service = &self.state.service;
        let streams = match self.ground {
            Ground::Back => Some(Streams::open(service, self.logger.as_ref())?),
            Ground::Fore => None,
        };
        let spawned = Spawn {
            service,
            surroundings: &surroundings,
            state: &self.files.state,
            streams,
            notices: self.notices.as_mut(),
            account,
            bounds,
        };
        let pid = spawn(spawned, record)?;
        self.restarts.started(Instant::now());
        self.checkup = Checkup::of(&self.state.service);
        self.main = Some(pid);
        // It cannot have ended unseen.
        self.state.process = Identity::of(pid, &self.host).ok();
        self.enter(Phase::Running);
        Ok(pid)
    }
}

/// The user of a service, if it names one.
fn account(service: &Service) -> Result<Option<Account>, Failure> {
    let failed = |error| Failure::new("user", &error);
    let account = service.user.as_ref().map(RunAs::find).transpose();
    let account = account.map_err(failed)?;
    match (&service.user, account) {
        (Some(user), Some(account)) if !account.is_allowed() => {
            let why = format!("only root can run it as {user}");
            Err(Failure::because("user", why))
        }
        (_, account) => Ok(account),
    }
}
