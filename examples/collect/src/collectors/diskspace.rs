//! The usage of file systems.

use std::collections::HashSet;
use std::path::Path;

use lazy_prop::lazy;
use procfs_core::process::MountInfos;
use regex::Regex;
use rustix::fs::statvfs;
use serde::Deserialize;

use crate::collector::{Collector, Problem, Run, float};
use crate::metric::part;

crate::collector!(DiskSpace);

#[lazy]
struct DiskSpace {
    settings: Settings,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// The types of file systems to include.
    filesystems: HashSet<String>,
    /// A regular expression for the mount points to exclude.
    exclude: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let types = [
            "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "vfat", "overlay", "bcachefs",
        ];
        Self {
            filesystems: types.map(String::from).into(),
            exclude: None,
        }
    }
}

#[lazy]
impl DiskSpace {
    #[lazy]
    fn excluded(&self) -> Result<&Option<Regex>, regex::Error> {
        self.settings.exclude.as_deref().map(Regex::new).transpose()
    }
}

impl Collector for DiskSpace {
    const NAME: &'static str = "diskspace";
    const ABOUT: &'static str =
        "Bytes and inodes of each file system that are used, free and available.";
    const NEEDS: Option<&'static str> = Some("self/mountinfo");
    type Settings = Settings;

    fn new(settings: Settings) -> Self {
        Self {
            settings,
            lazy: lazy_prop::Lazy::new(),
        }
    }

    fn verify(&self) -> Result<(), Problem> {
        self.excluded()?;
        Ok(())
    }

    fn collect(&mut self, run: &mut Run<'_>) -> Result<(), Problem> {
        let mounts: MountInfos = run.read("self/mountinfo")?;
        let excluded = self.excluded()?.as_ref();
        // A device that is mounted twice counts at its first mount point.
        let mut seen = HashSet::new();
        for mount in &mounts {
            let point = mount.mount_point.to_string_lossy();
            let is_wanted = self.settings.filesystems.contains(&mount.fs_type)
                && !excluded.is_some_and(|excluded| excluded.is_match(&point));
            if is_wanted && seen.insert(mount.majmin.clone()) {
                tell(run, &mount.mount_point);
            }
        }
        Ok(())
    }
}

fn tell(run: &mut Run<'_>, point: &Path) {
    let space = match statvfs(point) {
        Ok(space) => space,
        Err(error) => {
            run.notes.push(format!("{}: {error}", point.display()));
            return;
        }
    };
    let name = match point.to_str() {
        Some("/") => "root".into(),
        _ => part(point.to_string_lossy().trim_start_matches('/')),
    };
    let blocks = |count: u64| count * space.f_frsize;
    let used = space.f_blocks - space.f_bfree;
    run.count(&format!("{name}.byte_used"), blocks(used));
    run.count(&format!("{name}.byte_free"), blocks(space.f_bfree));
    run.count(&format!("{name}.byte_avail"), blocks(space.f_bavail));
    // The share of the space that users can have, as `df` computes it.
    let usable = used + space.f_bavail;
    if usable > 0 {
        run.tell(
            &format!("{name}.byte_percentfree"),
            float(space.f_bavail) / float(usable) * 100.0,
            2,
        );
    }
    run.count(
        &format!("{name}.inodes_used"),
        space.f_files - space.f_ffree,
    );
    run.count(&format!("{name}.inodes_free"), space.f_ffree);
}
