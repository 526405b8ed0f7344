//! The uptime of the machine.

use procfs_core::Uptime as Seconds;

use super::Nothing;
use crate::collector::{Collector, Problem, Run};

crate::collector!(Uptime);

struct Uptime;

impl Collector for Uptime {
    const NAME: &'static str = "uptime";
    const ABOUT: &'static str = "Minutes since the machine was started.";
    const NEEDS: Option<&'static str> = Some("uptime");
    type Settings = Nothing;

    fn new(_: Nothing) -> Self {
        Self
    }

    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        let up: Seconds = run.read("uptime")?;
        run.tell("minutes", up.uptime / 60.0, 2);
        Ok(())
    }
}
