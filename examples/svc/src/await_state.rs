//! Waits until a service is ready or stopped, whatever command starts or stops it.

use std::thread;
use std::time::{Duration, Instant};

use clap::ValueEnum;

use crate::condition::Condition;
use crate::error::Error;
use crate::hand::Hand;
use crate::identity::Host;
use crate::look::Seen;
use crate::paths::Paths;
use crate::ready::Probe;
use crate::service::Service;
use crate::state::State;
use crate::stray::Strays;

/// The sleep between two looks.
const NAP: Duration = Duration::from_millis(20);

/// The state to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Goal {
    /// It runs, and is ready
    Ready,
    /// It does not run, and does not come back by itself
    Stopped,
}

/// Waits until a service is in that state, at most for this long.
///
/// # Errors
/// If it is not in time, with the missing condition. If its state or its log cannot be read.
pub fn until(
    service: &Service,
    goal: Goal,
    time: Duration,
    paths: &Paths,
    host: &Host,
    strays: &Strays,
) -> Result<(), Error> {
    let begun = Instant::now();
    let mut probe: Option<(State, Probe)> = None;
    loop {
        let seen = Seen::of(service.clone(), paths, host, strays)?;
        let missing = match goal {
            Goal::Stopped if !seen.condition.is_in_hand() => return Ok(()),
            Goal::Ready if is_up(&seen.condition) => {
                let hand = Hand::on(&service.name, paths, host, strays)?;
                match hand {
                    Hand::Shim(state, _) | Hand::Orphan(state, _) => {
                        // Another process has another log.
                        probe = probe.filter(|(old, _)| old.process == state.process);
                        if probe.is_none() {
                            let log = paths.log(&service.name);
                            let new = Probe::of_running(state.service.clone(), &log, state.since);
                            let new = new.map_err(|error| Error::file(log.current(), error))?;
                            probe = Some((state.clone(), new));
                        }
                        let missing = probe
                            .as_mut()
                            .and_then(|(_, probe)| probe.missing(state.ready));
                        match missing {
                            None => return Ok(()),
                            Some(missing) => missing,
                        }
                    }
                    _ => "its state is lost".to_owned(),
                }
            }
            _ => format!("it is {}", seen.condition),
        };
        if begun.elapsed() >= time {
            let why = format!("the time is up: {missing}");
            return Err(Error::Unready(service.name.clone(), why));
        }
        thread::sleep(NAP);
    }
}

fn is_up(condition: &Condition) -> bool {
    matches!(
        condition,
        Condition::Running | Condition::Forked | Condition::Unsupervised
    )
}
