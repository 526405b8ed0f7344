//! The use of the processors' time.

use procfs_core::{CpuTime, KernelStats};
use serde::Deserialize;

use crate::collector::{Collector, Problem, Run, float, system};

crate::collector!(Cpu);

struct Cpu {
    settings: Settings,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// Each processor separately, too.
    each: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { each: true }
    }
}

impl Collector for Cpu {
    const NAME: &'static str = "cpu";
    const ABOUT: &'static str =
        "Percent of the time that the processors work for users, wait, are idle, …";
    const NEEDS: Option<&'static str> = Some("stat");
    type Settings = Settings;

    fn new(settings: Settings) -> Self {
        Self { settings }
    }

    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        let stats: KernelStats = run.read_with("stat")?;
        tell(run, "total", &stats.total, stats.cpu_time.len());
        if self.settings.each {
            for (number, time) in stats.cpu_time.iter().enumerate() {
                tell(run, &format!("cpu{number}"), time, 1);
            }
        }
        Ok(())
    }
}

fn tell(run: &mut Run<'_>, name: &str, time: &CpuTime, processors: usize) {
    let ticks_of_all = float(system().ticks_per_second) * float(processors.max(1) as u64);
    // The kernel counts the time of guests as user time too, so it is subtracted there.
    let user = time.user.saturating_sub(time.guest.unwrap_or(0));
    let nice = time.nice.saturating_sub(time.guest_nice.unwrap_or(0));
    let states = [
        ("user", Some(user)),
        ("nice", Some(nice)),
        ("system", Some(time.system)),
        ("idle", Some(time.idle)),
        ("iowait", time.iowait),
        ("irq", time.irq),
        ("softirq", time.softirq),
        ("steal", time.steal),
        ("guest", time.guest),
        ("guest_nice", time.guest_nice),
    ];
    for (state, ticks) in states {
        if let Some(ticks) = ticks {
            run.scaled_rate(&format!("{name}.{state}"), ticks, 100.0 / ticks_of_all);
        }
    }
}
