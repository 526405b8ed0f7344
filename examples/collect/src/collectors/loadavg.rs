//! The load averages.

use procfs_core::LoadAverage;

use super::Nothing;
use crate::collector::{Collector, Problem, Run};

crate::collector!(LoadAvg);

struct LoadAvg;

impl Collector for LoadAvg {
    const NAME: &'static str = "loadavg";
    const ABOUT: &'static str =
        "How many processes wanted to run in the last 1, 5 and 15 minutes, and how many there are.";
    const NEEDS: Option<&'static str> = Some("loadavg");
    type Settings = Nothing;

    fn new(_: Nothing) -> Self {
        Self
    }

    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        let load: LoadAverage = run.read("loadavg")?;
        run.tell("01", load.one.into(), 2);
        run.tell("05", load.five.into(), 2);
        run.tell("15", load.fifteen.into(), 2);
        run.count("processes_running", load.cur.into());
        run.count("processes_total", load.max.into());
        Ok(())
    }
}
