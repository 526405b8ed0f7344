//! The traffic of disks.

use lazy_prop::lazy;
use procfs_core::DiskStats;
use regex::Regex;
use serde::Deserialize;

use crate::collector::{Collector, Problem, Run};
use crate::metric::part;

crate::collector!(IoStat);

#[lazy]
struct IoStat {
    settings: Settings,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// A regular expression for the names of the disks.
    devices: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { devices: "^(?:[sv]d[a-z]+|xvd[a-z]+|nvme[0-9]+n[0-9]+|mmcblk[0-9]+|md[0-9]+|dm-[0-9]+)(?:p?[0-9]*)$".into() }
    }
}

#[lazy]
impl IoStat {
    #[lazy]
    fn devices(&self) -> Result<&Regex, regex::Error> {
        Regex::new(&self.settings.devices)
    }
}

/// The kernel's sector size, whatever the disk uses.
const SECTOR: f64 = 512.0;

impl Collector for IoStat {
    const NAME: &'static str = "iostat";
    const ABOUT: &'static str =
        "Reads, writes and bytes of each disk in a second, and how busy it is.";
    const NEEDS: Option<&'static str> = Some("diskstats");
    type Settings = Settings;

    fn new(settings: Settings) -> Self {
        Self {
            settings,
            lazy: lazy_prop::Lazy::new(),
        }
    }

    fn verify(&self) -> Result<(), Problem> {
        self.devices()?;
        Ok(())
    }

    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        let stats: DiskStats = run.read("diskstats")?;
        let wanted = self.devices()?;
        for disk in stats.0.iter().filter(|disk| wanted.is_match(&disk.name)) {
            let name = part(&disk.name);
            let counters = [
                ("reads", disk.reads, 1.0),
                ("reads_merged", disk.merged, 1.0),
                ("read_byte", disk.sectors_read, SECTOR),
                ("writes", disk.writes, 1.0),
                ("writes_merged", disk.writes_merged, 1.0),
                ("write_byte", disk.sectors_written, SECTOR),
            ];
            for (counter, value, factor) in counters {
                run.scaled_rate(&format!("{name}.{counter}_per_second"), value, factor);
            }
            // Milliseconds per second, as percent. The kernel's counter has 32 bits.
            run.rate_of_32_bits(
                &format!("{name}.util_percentage"),
                disk.time_in_progress,
                0.1,
            );
            run.count(&format!("{name}.in_progress"), disk.in_progress);
        }
        Ok(())
    }
}
