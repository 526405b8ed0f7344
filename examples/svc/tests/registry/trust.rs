//! What somebody else could have written is refused. The tests need no second user, except those
//! that give a file away, which only root can.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::Path;

use svc::error::Error;
use svc::registry::Registry;
use svc::trust;

use crate::{Home, line, service};

const STRANGER: u32 = 65533;

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// That nothing works with a registry of which this path is not trusted.
fn assert_refused(home: &Home, refused: &Path) {
    let errors = [
        Registry::open(&home.paths).err(),
        Registry::initialize(&home.paths).err(),
        Registry::recover(&home.paths, |_| false).err(),
        Registry::recreate(&home.paths).err(),
    ];
    for error in errors {
        let error = error.expect("refused");
        assert!(
            matches!(&error, Error::Untrusted(path, _) if path == refused),
            "{error}"
        );
        line(&error);
    }
}

#[test]
fn what_others_can_write_is_refused() {
    for mode in [0o020, 0o002] {
        let home = Home::with(&["web"]);
        let paths = &home.paths;
        fs::create_dir(paths.locks()).unwrap();
        set_mode(&paths.locks(), 0o700);
        let parent = paths.registry().parent().unwrap();
        for path in [
            paths.registry(),
            paths.home(),
            &paths.mirrors(),
            &paths.locks(),
            parent,
        ] {
            let before = fs::metadata(path).unwrap().permissions();
            // In a group of our own we may be alone.
            if mode == 0o020 && chown(path, None, Some(STRANGER)).is_err() {
                return println!("skipped: only root gives files away");
            }
            set_mode(path, 0o700 | mode);
            assert_refused(&home, path);
            fs::set_permissions(path, before).unwrap();
        }
        assert_eq!(home.names(), ["web"]);
    }
}

#[test]
fn an_open_registry_is_refused_as_soon_as_others_can_write_it() {
    let home = Home::with(&["web"]);
    let registry = home.open();
    set_mode(home.paths.registry(), 0o666);
    assert!(matches!(registry.services(), Err(Error::Untrusted(..))));
    assert!(matches!(
        registry.add(&service("x")),
        Err(Error::Untrusted(..))
    ));
}

#[test]
fn a_sticky_directory_of_all_is_fine() {
    let home = Home::with(&["web"]);
    set_mode(home.paths.registry().parent().unwrap(), 0o1777);
    assert_eq!(home.names(), ["web"]);
}

#[test]
fn what_belongs_to_others_is_refused() {
    let home = Home::with(&["web"]);
    home.write(&home.paths.journal(), "");
    for path in [
        home.paths.registry(),
        home.paths.home(),
        &home.paths.journal(),
    ] {
        if chown(path, Some(STRANGER), None).is_err() {
            return println!("skipped: only root gives files away");
        }
        assert_refused(&home, path);
        chown(path, Some(0), None).unwrap();
    }
}

#[test]
fn a_link_is_as_good_as_what_it_leads_to() {
    let home = Home::with(&["web"]);
    let real = home.directory.path().join("real.db");
    fs::rename(home.paths.registry(), &real).unwrap();
    symlink(&real, home.paths.registry()).unwrap();
    assert_eq!(home.names(), ["web"]);
    set_mode(&real, 0o622);
    assert_refused(&home, &real);
    fs::remove_file(&real).unwrap();
    assert!(matches!(
        Registry::initialize(&home.paths),
        Err(Error::File(..))
    ));
}

#[test]
fn a_link_of_others_is_refused() {
    let home = Home::with(&["web"]);
    let real = home.directory.path().join("real.db");
    fs::rename(home.paths.registry(), &real).unwrap();
    symlink(&real, home.paths.registry()).unwrap();
    if std::os::unix::fs::lchown(home.paths.registry(), Some(STRANGER), None).is_err() {
        return println!("skipped: only root gives files away");
    }
    assert_refused(&home, home.paths.registry());
}

#[test]
fn devices_and_what_is_not_there_are_fine() {
    trust::check(Path::new("/dev/null")).unwrap();
    trust::check(Path::new("/nowhere/at/all")).unwrap();
}
