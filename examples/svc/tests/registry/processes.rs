//! Many processes at once, and processes that are killed. Each is this test program once more,
//! and runs one action of [`process`].

use std::env;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio, exit};

use svc::error::Error;
use svc::kill_point::KillPoint;
use svc::paths::Paths;
use svc::registry::Registry;

use crate::{Home, data, name, service};

/// The command that runs an action, such as `add web`, on the registry.
pub(crate) fn action(paths: &Paths, action: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", "processes::process", "--ignored", "--nocapture"])
        .env("SVC_TEST_REGISTRY", paths.registry())
        .env("SVC_TEST_ACTION", action)
        .stdout(Stdio::null());
    command
}

#[test]
#[ignore = "what the processes of the other tests run"]
fn process() {
    let Some(registry) = env::var_os("SVC_TEST_REGISTRY") else {
        return;
    };
    let paths = Paths::of(Some(Path::new(&registry))).unwrap();
    if let Err(error) = run(&paths, &env::var("SVC_TEST_ACTION").unwrap()) {
        eprintln!("{error}");
        exit(i32::from(error.exit_code()));
    }
}

fn run(paths: &Paths, action: &str) -> Result<(), Error> {
    let (verb, object) = action.split_once(' ').unwrap_or((action, "none"));
    let object = name(object);
    match verb {
        "initialize" => Registry::initialize(paths).map(drop),
        "open" => Registry::open(paths)?.services().map(drop),
        "recover" => Registry::recover(paths, |_| false).map(drop),
        "recreate" => Registry::recreate(paths).map(drop),
        "first" => {
            Registry::initialize(paths)?;
            Registry::open(paths)?.add(&service(object.as_str()))
        }
        "add" => Registry::open(paths)?.add(&service(object.as_str())),
        "remove" => Registry::open(paths)?.remove(&object),
        "want" => Registry::open(paths)?.want(&[object], true),
        "count" => (0..10).try_for_each(|_| {
            Registry::open(paths)?.change(&object, |service| {
                service.backoff.starts += 1;
                Ok(())
            })
        }),
        other => unreachable!("{other}"),
    }
}

/// Runs all at the same time, and says what they complained of.
fn together(paths: &Paths, actions: &[String]) -> Vec<String> {
    let start = |name: &String| action(paths, name).stderr(Stdio::piped()).spawn().unwrap();
    let running: Vec<_> = actions.iter().map(start).collect();
    let ended = running
        .into_iter()
        .map(|child| child.wait_with_output().unwrap());
    let failed = ended.filter(|output| !output.status.success());
    failed
        .map(|output| String::from_utf8(output.stderr).unwrap())
        .collect()
}

const NONE: [&str; 0] = [];

#[test]
fn sixteen_first_uses_at_once_all_succeed() {
    let home = Home::empty();
    let actions: Vec<_> = (10..26).map(|number| format!("first s{number}")).collect();
    assert_eq!(together(&home.paths, &actions), NONE);
    assert_eq!(home.names().len(), 16);
}

#[test]
fn sixteen_migrations_at_once_are_one() {
    for file in ["registry-v1.db", "registry-v2.db"] {
        let home = Home::of(&data(file));
        assert_eq!(together(&home.paths, &vec!["open".to_owned(); 16]), NONE);
        let backups = home
            .files()
            .into_iter()
            .filter(|file| file.ends_with("registry.db.1.bak"));
        assert_eq!(backups.count(), 1);
        assert!(
            !home
                .files()
                .iter()
                .any(|file| file.ends_with("registry.db.2.bak"))
        );
    }
}

#[test]
fn no_change_gets_lost_among_others() {
    let home = Home::with(&["web"]);
    assert_eq!(
        together(&home.paths, &vec!["count web".to_owned(); 8]),
        NONE
    );
    let service = home.open().service(&name("web")).unwrap();
    assert_eq!(service.backoff.starts, 9 + 80);
    assert_eq!(
        Registry::recover(&home.paths, |_| false).unwrap().mirrored,
        []
    );
}

#[test]
fn one_of_many_adds_a_name() {
    let home = Home::with(&[]);
    let failed = together(&home.paths, &vec!["add web".to_owned(); 8]);
    assert_eq!(failed, vec!["there is a service `web` already\n"; 7]);
}

#[test]
fn changes_while_the_registry_is_recreated_are_made_whole_or_not() {
    let home = Home::with(&["web"]);
    let mut actions: Vec<_> = (10..18).map(|number| format!("add s{number}")).collect();
    actions.insert(4, "recreate".to_owned());
    assert_eq!(together(&home.paths, &actions), NONE);
    assert_eq!(
        Registry::recover(&home.paths, |_| false).unwrap().mirrored,
        []
    );
}

/// Kills an action at a point.
fn kill_at(point: KillPoint, paths: &Paths, name: &str) {
    let ended = action(paths, name)
        .env("SVC_KILL_AT", point.name())
        .status()
        .unwrap();
    assert_eq!(ended.signal(), Some(9), "{point:?} in {name}");
}

#[test]
fn a_migration_that_is_killed_happens_the_next_time() {
    for point in [KillPoint::MigrationBackedUp, KillPoint::MigrationApplied] {
        for file in ["registry-v1.db", "registry-v2.db"] {
            for verb in ["open", "initialize", "recover"] {
                let home = Home::of(&data(file));
                let plan = Registry::plan(&home.paths).unwrap();
                kill_at(point, &home.paths, verb);
                assert_eq!(Registry::plan(&home.paths).unwrap(), plan);
                let expected = Home::of(&data(file)).open().services().unwrap();
                assert_eq!(home.open().services().unwrap(), expected);
            }
        }
    }
}

#[test]
fn a_change_that_is_killed_before_it_commits_is_none() {
    for verb in ["add new", "want web", "remove web", "count web"] {
        let home = Home::with(&["web"]);
        kill_at(KillPoint::RowChanged, &home.paths, verb);
        assert_eq!(home.open().services().unwrap(), [service("web")]);
        assert_eq!(
            Registry::recover(&home.paths, |_| false).unwrap().mirrored,
            []
        );
        run(&home.paths, verb).unwrap();
    }
}

#[test]
fn a_change_that_is_killed_after_it_committed_is_one() {
    for (verb, names, stale) in [
        ("add new", &["new", "web"][..], 1),
        ("want web", &["web"], 1),
        ("remove web", &[], 0),
    ] {
        let home = Home::with(&["web"]);
        kill_at(KillPoint::RowCommitted, &home.paths, verb);
        assert_eq!(home.names(), names);
        assert_eq!(
            Registry::recover(&home.paths, |_| false)
                .unwrap()
                .mirrored
                .len(),
            stale
        );
        assert!(names.contains(&"web") == home.paths.mirror(&name("web")).exists());
    }
}

#[test]
fn a_lock_that_others_hold_is_waited_for() {
    let home = Home::with(&["web"]);
    let lock = std::fs::File::open(home.paths.registry_lock()).unwrap();
    lock.lock().unwrap();
    let mut child = action(&home.paths, "want web").spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none());
    // Whoever only reads does not wait.
    assert_eq!(home.names(), ["web"]);
    drop(lock);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_registry_that_is_open_is_not_replaced() {
    let home = Home::with(&["web"]);
    let used = std::fs::File::open(home.paths.registry_use()).unwrap();
    used.lock_shared().unwrap();
    let mut child = action(&home.paths, "recreate").spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none());
    assert_eq!(home.names(), ["web"]);
    drop(used);
    assert!(child.wait().unwrap().success());
    assert_eq!(home.names(), NONE);
}

#[test]
fn a_program_with_the_rights_of_another_is_refused() {
    let home = Home::with(&["web"]);
    let open = action(&home.paths, "open");
    let mut setpriv = Command::new("setpriv");
    setpriv
        .args(["--ruid", "65533", "--keep-groups"])
        .arg(open.get_program())
        .args(open.get_args());
    let environment = open
        .get_envs()
        .filter_map(|(key, value)| Some((key, value?)));
    match setpriv.envs(environment).stdout(Stdio::null()).output() {
        Ok(output) if String::from_utf8_lossy(&output.stderr).starts_with("setpriv") => {
            println!("skipped: setpriv is not allowed");
        }
        Ok(output) => {
            let line = String::from_utf8(output.stderr).unwrap();
            assert!(line.contains("must not run setuid"), "{line}");
        }
        Err(error) => println!("skipped: setpriv: {error}"),
    }
}
