//! Full disks and read-only ones, in a mount namespace of their own; and how fast it is.

use std::process::Command;

use svc::paths::Paths;
use svc::registry::Registry;

use crate::{Home, data, line, name, service};

/// Runs one of the tests below in a namespace where `script` has mounted something at `$1`.
fn within(home: &Home, script: &str, test: &str) {
    if !Command::new("unshare")
        .args(["-Urm", "true"])
        .status()
        .is_ok_and(|ended| ended.success())
    {
        return println!("skipped: no namespaces here");
    }
    let script = format!("{script} && shift && exec \"$@\"");
    let output = Command::new("unshare")
        .args(["-Urm", "sh", "-c", &script, "sh"])
        .arg(home.paths.registry().parent().unwrap())
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env("SVC_TEST_REGISTRY", home.paths.registry())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn paths() -> Option<Paths> {
    let registry = std::env::var_os("SVC_TEST_REGISTRY")?;
    Paths::of(Some(registry.as_ref())).ok()
}

const READ_ONLY: &str = r#"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1""#;

#[test]
fn a_read_only_registry_can_be_read() {
    within(&Home::with(&["web"]), READ_ONLY, "limits::read_only");
    within(
        &Home::of(&data("registry-v2.db")),
        READ_ONLY,
        "limits::read_only_and_old",
    );
}

#[test]
#[ignore = "runs where the registry is read-only"]
fn read_only() {
    let Some(paths) = paths() else { return };
    let registry = Registry::open(&paths).unwrap();
    assert_eq!(registry.services().unwrap(), [service("web")]);
    assert_eq!(registry.service(&name("web")).unwrap(), service("web"));
    registry.want(&[name("web")], false).unwrap();
    Registry::initialize(&paths).unwrap();
    Registry::recover(&paths, |_| false).unwrap();
    let failed = [
        registry.add(&service("new")).unwrap_err(),
        registry.want(&[name("web")], true).unwrap_err(),
        registry.remove(&name("web")).unwrap_err(),
        Registry::recreate(&paths).unwrap_err(),
    ];
    for error in failed {
        assert!(line(&error).ends_with(": Read-only file system"), "{error}");
    }
}

#[test]
#[ignore = "runs where an old registry is read-only"]
fn read_only_and_old() {
    let Some(paths) = paths() else { return };
    let error = Registry::open(&paths).unwrap_err();
    assert!(line(&error).ends_with(": Read-only file system"), "{error}");
}

#[test]
fn a_full_disk_loses_nothing() {
    let mount = r#"mount -t tmpfs -o size=96k,mode=700 tmpfs "$1""#;
    let home = Home::with(&[]);
    within(&home, mount, "limits::full_disk");
}

#[test]
#[ignore = "runs where the disk is small"]
fn full_disk() {
    let Some(paths) = paths() else { return };
    Registry::initialize(&paths).unwrap();
    let registry = Registry::open(&paths).unwrap();
    registry.add(&service("web")).unwrap();
    registry.want(&[name("web")], true).unwrap();
    let before = registry.services().unwrap();
    let filler = paths.registry().with_file_name("filler");
    let _ = std::fs::write(&filler, vec![1; 96 * 1024]);
    let error = Registry::recreate(&paths).unwrap_err();
    assert!(
        line(&error).ends_with(": No space left on device"),
        "{error}"
    );
    assert_eq!(Registry::recover(&paths, |_| false).unwrap().mirrored, []);
    // From a disk that is full to one that has just enough: each write fails once.
    let mut failed = 0;
    for pages in (1..24).rev() {
        let _ = std::fs::write(&filler, vec![1; pages * 4096]);
        registry.want(&[name("web")], true).unwrap();
        match registry.add(&service("new")) {
            Ok(()) => registry.remove(&name("new")).unwrap(),
            Err(error) => {
                failed += 1;
                assert!(
                    line(&error).ends_with(": No space left on device"),
                    "{error}"
                );
            }
        }
        std::fs::remove_file(&filler).unwrap();
        assert_eq!(registry.services().unwrap(), before);
        assert_eq!(Registry::recover(&paths, |_| false).unwrap().mirrored, []);
    }
    assert!(failed > 1);
}
