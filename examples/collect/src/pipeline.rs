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

/// Running collectors and handlers.
#[derive(Default)]
pub struct Pipeline {
    rounds: Vec<Rounds>,
    outlet: Arc<Outlet>,
}

impl Pipeline {
    /// Changes to a new plan, and keeps every queued metric. New ones start, missing ones end, and
    /// unchanged ones are not touched.
    ///
    /// # Errors
    /// If the system refuses another thread.
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

    /// Logs runs that are late.
    pub fn watch(&self) {
        self.rounds.iter().for_each(Rounds::watch);
    }

    /// Lets the present runs end, and sends the queued metrics, as far as the time allows.
    pub fn stop(self, limit: Duration) {
        let end = Instant::now() + limit;
        self.rounds.iter().for_each(Rounds::stop);
        // At most half of the time, so that a hanging collector keeps no metric back.
        let half = Instant::now() + limit / 2;
        while !self.rounds.iter().all(Rounds::is_finished) && Instant::now() < half {
            thread::sleep(Duration::from_millis(2));
        }
        child::kill_all();
        self.outlet.stop(end);
    }
}
