//! The time to connect to a port.

use std::net::{TcpStream, ToSocketAddrs};
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::collector::{Collector, Problem, Run};
use crate::metric::part;

crate::collector!(Ping);

struct Ping {
    settings: Settings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// The targets, such as `db:5432`.
    targets: Vec<String>,
}

impl Collector for Ping {
    const NAME: &'static str = "ping";
    const ABOUT: &'static str =
        "Whether ports can be reached by TCP, and in how many milliseconds.";
    type Settings = Settings;

    fn new(settings: Settings) -> Self {
        Self { settings }
    }

    fn verify(&self) -> Result<(), Problem> {
        let is_wrong = |target: &&String| {
            target
                .rsplit_once(':')
                .is_none_or(|(_, port)| port.parse::<u16>().is_err())
        };
        match self.settings.targets.iter().find(is_wrong) {
            Some(target) => Err(format!("`{target}` is not `host:port`").into()),
            None => Ok(()),
        }
    }

    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        let deadline = run.deadline;
        // All at once, so that a hanging one takes no time from the others.
        let reached = thread::scope(|scope| {
            let targets = self.settings.targets.iter();
            let all: Vec<_> = targets
                .map(|target| scope.spawn(move || reach(target, deadline)))
                .collect();
            all.into_iter()
                .map(|one| one.join().ok().flatten())
                .collect::<Vec<_>>()
        });
        for (target, time) in self.settings.targets.iter().zip(reached) {
            let name = part(target);
            run.count(&format!("{name}.up"), time.is_some().into());
            if let Some(time) = time {
                run.tell(&format!("{name}.ms"), time.as_secs_f64() * 1e3, 3);
            }
        }
        Ok(())
    }
}

/// The time to connect, if it succeeds in time.
fn reach(target: &str, deadline: Instant) -> Option<Duration> {
    let addresses: Vec<_> = target.to_socket_addrs().ok()?.collect();
    addresses.iter().find_map(|address| {
        let start = Instant::now();
        let left = deadline
            .checked_duration_since(start)
            .filter(|left| !left.is_zero())?;
        TcpStream::connect_timeout(address, left).ok()?;
        Some(start.elapsed())
    })
}
