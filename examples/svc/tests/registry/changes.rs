//! What is written is what is read.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use svc::error::Error;
use svc::service::{Output, Service};

use crate::{Home, name, service};

fn mirror(home: &Home, text: &str) -> Option<Service> {
    let text = fs::read(home.paths.mirror(&name(text))).ok()?;
    Some(serde_json::from_slice(&text).unwrap())
}

#[test]
fn a_service_comes_back_as_it_was_added() {
    let home = Home::with(&["web"]);
    assert_eq!(home.open().service(&name("web")).unwrap(), service("web"));
    assert_eq!(mirror(&home, "web"), Some(service("web")));
}

#[test]
fn services_are_sorted_by_name() {
    assert_eq!(
        Home::with(&["b", "C", "ä", "a", "10", "9"]).names(),
        ["10", "9", "C", "a", "b", "ä"]
    );
}

#[test]
fn a_name_is_taken_once() {
    let home = Home::with(&["web"]);
    let error = home.open().add(&service("web")).unwrap_err();
    assert!(
        matches!(&error, Error::Exists(web) if *web == name("web")),
        "{error}"
    );
}

#[test]
fn names_differ_by_case() {
    assert_eq!(Home::with(&["web", "Web"]).names(), ["Web", "web"]);
}

#[test]
fn an_unknown_name_tells_those_that_are_near() {
    let home = Home::with(&["web", "web1", "wob", "webb", "database"]);
    let error = home.open().service(&name("wbe")).unwrap_err();
    assert_eq!(error.to_string(), "there is no service `wbe`, but `web`");
    let error = home.open().remove(&name("web2")).unwrap_err();
    let expected = "there is no service `web2`, but `web`, `web1`, `webb`";
    assert_eq!(error.to_string(), expected);
    let error = home.open().service(&name("nothing")).unwrap_err();
    assert_eq!(
        (error.to_string(), error.exit_code()),
        ("there is no service `nothing`".into(), 4)
    );
}

#[test]
fn a_change_is_read_and_mirrored() {
    let home = Home::with(&["web"]);
    let answer = home.open().change(&name("web"), |service| {
        service.command = vec!["true".to_owned()];
        service.env.clear();
        Ok(7)
    });
    assert_eq!(answer.unwrap(), 7);
    let changed = home.open().service(&name("web")).unwrap();
    assert_eq!((changed.command.len(), changed.env.len()), (1, 0));
    assert_eq!(mirror(&home, "web"), Some(changed));
}

#[test]
fn a_change_that_fails_changes_nothing() {
    let home = Home::with(&["web"]);
    let before = home.bytes();
    let failed = home.open().change(&name("web"), |service| {
        service.command.clear();
        Err::<(), _>(Error::NoHome)
    });
    assert!(matches!(failed, Err(Error::NoHome)));
    assert_eq!(home.bytes(), before);
}

#[test]
fn a_change_keeps_the_name() {
    let home = Home::with(&["web"]);
    let changed = home.open().change(&name("web"), |service| {
        service.name = name("other");
        Ok(())
    });
    changed.unwrap();
    assert_eq!(home.names(), ["web"]);
}

#[test]
fn a_service_that_is_removed_is_gone_with_its_mirror() {
    let home = Home::with(&["web", "db"]);
    home.open().remove(&name("web")).unwrap();
    assert_eq!(home.names(), ["db"]);
    assert_eq!(mirror(&home, "web"), None);
    assert!(mirror(&home, "db").is_some());
}

#[test]
fn names_that_are_gone_are_wanted_by_nobody() {
    let home = Home::with(&["a", "b", "c"]);
    let registry = home.open();
    registry
        .want(&[name("d"), name("a"), name("b")], true)
        .unwrap();
    assert!(mirror(&home, "a").unwrap().wanted);
    let services = registry.services().unwrap();
    let wanted: Vec<_> = services.iter().map(|service| service.wanted).collect();
    assert_eq!(wanted, [true, true, false]);
}

#[test]
fn what_is_wanted_already_is_not_written() {
    let home = Home::with(&["a"]);
    home.open().want(&[name("a")], true).unwrap();
    let before = home.bytes();
    fs::remove_file(home.paths.mirror(&name("a"))).unwrap();
    home.open().want(&[name("a")], true).unwrap();
    assert_eq!(home.bytes(), before);
    assert_eq!(mirror(&home, "a"), None);
}

#[test]
fn what_no_row_can_hold_is_refused() {
    let home = Home::with(&[]);
    let path = Output::File(OsStr::from_bytes(b"/tmp/\xff").into());
    let error = home
        .open()
        .add(&Service {
            stdout: path,
            ..service("a")
        })
        .unwrap_err();
    let expected = "service `a` can't be kept: the paths of a service must be UTF-8";
    assert_eq!(error.to_string(), expected);
    let error = home
        .open()
        .add(&Service {
            command: vec![],
            ..service("a")
        })
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "service `a` can't be kept: its command is empty"
    );
    assert_eq!(home.names(), <[&str; 0]>::default());
}

#[test]
fn columns_that_are_not_ours_keep_their_values() {
    let home = Home::with(&["a"]);
    home.sql("ALTER TABLE services ADD COLUMN note TEXT; UPDATE services SET note = 'keep'");
    home.open().want(&[name("a")], true).unwrap();
    let connection = rusqlite::Connection::open(home.paths.registry()).unwrap();
    let note = connection.query_row("SELECT note FROM services", [], |row| row.get(0));
    assert_eq!(note, Ok("keep".to_owned()));
}
