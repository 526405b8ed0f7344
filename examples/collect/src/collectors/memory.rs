//! The memory and its use, in bytes.

use procfs_core::Meminfo;

use super::Nothing;
use crate::collector::{Collector, Problem, Run};

crate::collector!(Memory);

struct Memory;

impl Collector for Memory {
    const NAME: &'static str = "memory";
    const ABOUT: &'static str = "Bytes of memory that there are, are free, and are used for what.";
    const NEEDS: Option<&'static str> = Some("meminfo");
    type Settings = Nothing;

    fn new(_: Nothing) -> Self {
        Self
    }

    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        let info: Meminfo = run.read("meminfo")?;
        let fields = [
            ("MemTotal", Some(info.mem_total)),
            ("MemFree", Some(info.mem_free)),
            ("MemAvailable", info.mem_available),
            ("Buffers", Some(info.buffers)),
            ("Cached", Some(info.cached)),
            ("Active", Some(info.active)),
            ("Inactive", Some(info.inactive)),
            ("Dirty", Some(info.dirty)),
            ("Shmem", info.shmem),
            ("Slab", Some(info.slab)),
            ("SReclaimable", info.s_reclaimable),
            ("SwapTotal", Some(info.swap_total)),
            ("SwapFree", Some(info.swap_free)),
            ("SwapCached", Some(info.swap_cached)),
            ("VmallocTotal", Some(info.vmalloc_total)),
            ("VmallocUsed", Some(info.vmalloc_used)),
            ("Committed_AS", Some(info.committed_as)),
        ];
        for (name, bytes) in fields {
            if let Some(bytes) = bytes {
                run.count(name, bytes);
            }
        }
        Ok(())
    }
}
