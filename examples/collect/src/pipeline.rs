//! All collectors and handlers at work.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::child;
use crate::collector::Machine;
use crate::outlet::Outlet;
use crate::plan::Plan;
use crate::rounds::Rounds;

/// Collectors and handlers, and the way between.
#[derive(Default)]
pub struct Pipeline {
    rounds: Vec<Rounds>,
    outlet: Arc<Outlet>,
}

impl Pipeline {
    /// Goes on with what a plan has: nothing that is queued is lost. What is new starts, what is no
    /// more ends, and what is as it was goes on untouched.
    ///
    /// # Errors
    /// If there can be no more threads.
    pub fn set(&mut self, plan: Plan) -> io::Result<()> {
        let (log_interval, stop_limit) = (plan.log_interval(), plan.stop_limit());
        self.outlet.set(plan.handlers, log_interval, stop_limit)?;
        let outlet = self.outlet.clone();
        let machine = Arc::new(Machine {
            proc: plan.server.proc,
            stats: Box::new(move || outlet.stats()),
        });
        let mut old = std::mem::take(&mut self.rounds);
        for source in plan.sources {
            let place = old.iter().position(|rounds| rounds.name() == source.name());
            self.rounds.push(if let Some(place) = place {
                let rounds = old.swap_remove(place);
                rounds.reload(source.section().clone(), machine.clone());
                rounds
            } else {
                Rounds::start(source, machine.clone(), self.outlet.clone(), log_interval)?
            });
        }
        old.iter().for_each(Rounds::stop);
        Ok(())
    }

    /// Logs what takes longer than it may.
    pub fn watch(&self) {
        self.rounds.iter().for_each(Rounds::watch);
    }

    /// Lets the runs that go on end, and sends what is queued, as far as that can be done in this
    /// time.
    pub fn stop(self, limit: Duration) {
        let end = Instant::now() + limit;
        self.rounds.iter().for_each(Rounds::stop);
        // Half of the time at most, for a collector that hangs keeps no metric back.
        let half = Instant::now() + limit / 2;
        while !self.rounds.iter().all(Rounds::is_finished) && Instant::now() < half {
            thread::sleep(Duration::from_millis(2));
        }
        child::kill_all();
        self.outlet.stop(end);
    }
}
