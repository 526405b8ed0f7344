//! How a registry comes to be.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use svc::error::Error;
use svc::paths::Paths;
use svc::registry::Registry;

use crate::{Home, line, name, service};

#[test]
fn without_a_registry_nothing_is_made_but_by_initialize() {
    let home = Home::empty();
    let error = Registry::open(&home.paths).unwrap_err();
    assert!(matches!(error, Error::Uninitialized(_)), "{error}");
    assert!(line(&error).ends_with("run `svc initialize`"), "{error}");
    assert_eq!(error.exit_code(), 3);
    assert!(matches!(
        Registry::recover(&home.paths, |_| false),
        Err(Error::Uninitialized(_))
    ));
    assert_eq!(home.files(), <[&Path; 0]>::default());
}

#[test]
fn the_plan_is_what_initialize_runs_and_makes_nothing() {
    let home = Home::empty();
    let plan = Registry::plan(&home.paths).unwrap();
    assert_eq!(home.files(), <[&Path; 0]>::default());
    assert!(
        plan[0].starts_with("CREATE TABLE services (name TEXT NOT NULL DEFAULT ''"),
        "{plan:?}"
    );
    let made = home.initialize();
    assert!(made.created);
    assert_eq!(made.applied, plan);
    assert_eq!(Registry::plan(&home.paths).unwrap(), <[&str; 0]>::default());
}

#[test]
fn initialize_keeps_what_is_there() {
    let home = Home::with(&["web"]);
    let before = home.bytes();
    assert_eq!(home.initialize(), svc::registry::Initialized::default());
    assert_eq!(home.bytes(), before);
    assert_eq!(home.names(), ["web"]);
}

#[test]
fn all_files_are_the_users_alone() {
    let home = Home::with(&["web"]);
    for path in home.files() {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode, expected, "{}", path.display());
    }
}

#[test]
fn recreate_puts_all_aside() {
    let home = Home::with(&["web"]);
    let made = Registry::recreate(&home.paths).unwrap();
    assert!(made.created);
    assert_eq!(home.names(), <[&str; 0]>::default());
    assert!(!home.paths.mirror(&name("web")).exists());
    let old = Paths::of(made.backup.as_deref()).unwrap();
    assert!(old.registry().ends_with("registry.db.1.bak"));
    assert_eq!(
        Registry::open(&old).unwrap().services().unwrap(),
        [service("web")]
    );
    let again = Registry::recreate(&home.paths).unwrap().backup.unwrap();
    assert!(again.ends_with("registry.db.2.bak"));
}

#[test]
fn recreate_makes_the_first_one_as_well() {
    let home = Home::empty();
    let made = Registry::recreate(&home.paths).unwrap();
    assert_eq!((made.created, made.backup), (true, None));
}

#[test]
fn recreate_replaces_what_is_damaged() {
    let home = Home::with(&["web"]);
    fs::write(home.paths.registry(), "nothing").unwrap();
    let made = Registry::recreate(&home.paths).unwrap();
    assert_eq!(fs::read(made.backup.unwrap()).unwrap(), b"nothing");
    assert_eq!(home.names(), <[&str; 0]>::default());
}

#[test]
fn blanks_and_bytes_in_the_path_are_fine() {
    use std::os::unix::ffi::OsStrExt;
    let directory = crate::temporary();
    for path in ["a b/ü ?mode=memory#%41.db".as_bytes(), b"\xff\xfe/\xff.db"] {
        let path = directory.path().join(std::ffi::OsStr::from_bytes(path));
        let paths = Paths::of(Some(&path)).unwrap();
        Registry::initialize(&paths).unwrap();
        Registry::open(&paths)
            .unwrap()
            .add(&service("web"))
            .unwrap();
        fs::write(&path, fs::read(crate::data("registry-v2.db")).unwrap()).unwrap();
        assert!(
            Registry::initialize(&paths)
                .unwrap()
                .backup
                .unwrap()
                .exists()
        );
    }
}

#[test]
fn a_link_of_the_user_is_followed_and_stays() {
    let home = Home::with(&["web"]);
    let link = home.directory.path().join("link.db");
    std::os::unix::fs::symlink(home.paths.registry(), &link).unwrap();
    let paths = Paths::of(Some(&link)).unwrap();
    let made = Registry::recreate(&paths).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(
        made.backup.unwrap().parent(),
        home.paths.registry().parent()
    );
    assert_eq!(home.names(), <[&str; 0]>::default());
}

#[test]
fn what_is_no_file_is_no_registry() {
    for path in ["/dev/null", "/tmp"] {
        let paths = Paths::of(Some(Path::new(path))).unwrap();
        for error in [
            Registry::open(&paths).err(),
            Registry::recover(&paths, |_| false).err(),
        ] {
            line(&error.unwrap());
        }
    }
}
