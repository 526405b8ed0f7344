//! Damaged registries: told as such, never a panic, and made anew.

use std::fs;

use svc::error::Error;
use svc::registry::{Recovered, Registry};
use svc::service::Service;

use crate::{Home, data, line, name, service};

const PAGE: usize = 4096;

/// Enough services for a tree of several pages.
fn many() -> (Home, Vec<Service>) {
    let names: Vec<_> = (10..70).map(|number| format!("service-{number}")).collect();
    let home = Home::with(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let services = home.open().services().unwrap();
    (home, services)
}

fn read(home: &Home) -> Result<Vec<Service>, Error> {
    Registry::open(&home.paths)?.services()
}

fn recover(home: &Home) -> Recovered {
    Registry::recover(&home.paths, |_| false).unwrap()
}

/// That the registry is told to be damaged, with advice, and that `recover` brings all back.
fn assert_damaged(home: &Home, services: &[Service]) {
    let error = read(home).unwrap_err();
    assert!(matches!(error, Error::Damaged(..)), "{error}");
    assert!(line(&error).ends_with("run `svc recover`"), "{error}");
    assert_eq!(error.exit_code(), 6);
    let damaged = fs::read(home.paths.registry()).ok();
    let recovered = recover(home);
    assert!(recovered.damage.is_some());
    assert_eq!(
        recovered.aside.map(|aside| fs::read(aside).unwrap()),
        damaged
    );
    assert_eq!(read(home).unwrap(), services);
}

#[test]
fn an_empty_file_is_damaged() {
    let (home, services) = many();
    fs::write(home.paths.registry(), "").unwrap();
    assert!(matches!(
        Registry::initialize(&home.paths),
        Err(Error::Damaged(..))
    ));
    assert_damaged(&home, &services);
}

#[test]
fn a_text_is_damaged() {
    let (home, services) = many();
    fs::write(home.paths.registry(), "[services]\n".repeat(1000)).unwrap();
    assert_damaged(&home, &services);
}

#[test]
fn a_file_that_is_gone_is_damaged_as_long_as_its_mirrors_are_there() {
    let (home, services) = many();
    fs::remove_file(home.paths.registry()).unwrap();
    assert!(matches!(
        Registry::initialize(&home.paths),
        Err(Error::Damaged(..))
    ));
    assert_damaged(&home, &services);
}

#[test]
fn a_truncated_file_is_damaged_wherever_it_ends() {
    let (home, services) = many();
    let whole = home.bytes();
    for length in (1..whole.len())
        .step_by(1021)
        .chain([whole.len() - PAGE, whole.len() - 1])
    {
        fs::write(home.paths.registry(), &whole[..length]).unwrap();
        assert_damaged(&home, &services);
    }
}

#[test]
fn a_zeroed_page_is_found_whichever_it_is() {
    let (home, services) = many();
    let whole = home.bytes();
    assert!(whole.len() > 4 * PAGE);
    for page in 0..whole.len() / PAGE {
        let mut bytes = whole.clone();
        bytes[page * PAGE..][..PAGE].fill(0);
        fs::write(home.paths.registry(), &bytes).unwrap();
        match read(&home) {
            // A page of an index, which isn't read.
            Ok(read) => assert_eq!(read, services),
            Err(error) => assert!(matches!(error, Error::Damaged(..)), "{error}"),
        }
        assert!(recover(&home).damage.is_some(), "page {page}");
        assert_eq!(read(&home).unwrap(), services);
    }
}

#[test]
fn the_rows_around_a_zeroed_page_are_read_without_mirrors() {
    let (home, services) = many();
    let whole = home.bytes();
    let mut kept = Vec::new();
    for page in 1..whole.len() / PAGE {
        let mut bytes = whole.clone();
        bytes[page * PAGE..][..PAGE].fill(0);
        fs::write(home.paths.registry(), &bytes).unwrap();
        let _ = fs::remove_dir_all(home.paths.mirrors());
        let recovered = recover(&home);
        assert_eq!(recovered.from_mirrors, []);
        let read = read(&home).unwrap();
        assert!(read.iter().all(|service| services.contains(service)));
        kept.push(read.len());
    }
    // Some page is the root of the table, without which there is none.
    kept.sort_unstable();
    assert!(kept[1] >= services.len() / 2, "{kept:?}");
}

#[test]
fn any_byte_may_change() {
    let (home, _) = many();
    let whole = home.bytes();
    let mut random: u64 = 0x9E37_79B9_7F4A_7C15;
    for _ in 0..100 {
        let mut bytes = whole.clone();
        for _ in 0..20 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let at = usize::try_from(random >> 33).unwrap() % bytes.len();
            bytes[at] = random.to_le_bytes()[6];
        }
        fs::write(home.paths.registry(), &bytes).unwrap();
        let _ = read(&home).map_err(|error| line(&error));
        match Registry::recover(&home.paths, |_| false) {
            Ok(_) => drop(read(&home).unwrap()),
            Err(Error::Foreign(_) | Error::Newer(..)) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn the_journal_of_nothing_does_no_harm() {
    for journal in [&b""[..], &[0; 512], b"nonsense"] {
        let (home, services) = many();
        home.write(&home.paths.journal(), journal);
        assert_eq!(read(&home).unwrap(), services);
        home.open().want(&[name("service-10")], true).unwrap();
    }
}

#[test]
fn the_journal_goes_aside_with_its_registry() {
    let (home, services) = many();
    fs::write(home.paths.registry(), "x").unwrap();
    home.write(&home.paths.journal(), "y");
    assert_damaged(&home, &services);
    assert!(!home.paths.journal().exists());
}

#[test]
fn a_table_that_is_gone_comes_back_from_the_mirrors() {
    let (home, services) = many();
    home.sql("DROP TABLE services");
    recover(&home);
    assert_eq!(read(&home).unwrap(), services);
}

#[test]
fn a_value_that_makes_no_sense_is_damage() {
    for column in [
        "command = '[]'",
        "env = 7",
        "restart = 'x'",
        "stop_pause_ms = -1",
        "after = x'00'",
    ] {
        let home = Home::with(&["web"]);
        home.sql(&format!("UPDATE services SET {column}"));
        assert_damaged(&home, &[service("web")]);
    }
}

#[test]
fn a_name_that_is_none_is_told_as_lost() {
    let home = Home::of(&data("registry-v1.db"));
    home.sql("UPDATE services SET name = '../web' WHERE name = 'web'");
    let error = read(&home).unwrap_err();
    assert!(
        line(&error).contains("`name` of service `../web`: a name"),
        "{error}"
    );
    let recovered = recover(&home);
    assert_eq!(recovered.lost.len(), 1, "{recovered:?}");
    assert!(recovered.lost[0].contains("../web"), "{recovered:?}");
    assert_eq!(home.names(), ["pipe", "var"]);
}

#[test]
fn a_damaged_registry_of_form_1_keeps_its_commands() {
    let home = Home::of(&data("registry-v1.db"));
    let bytes = home.bytes();
    let at = bytes.len() / PAGE - 1;
    fs::write(
        home.paths.registry(),
        [&bytes[..at * PAGE], &[0; PAGE]].concat(),
    )
    .unwrap();
    assert!(recover(&home).damage.is_some());
    let service = home.open().service(&name("web")).unwrap();
    assert_eq!(service.command, ["python3", "-m", "http.server", "80 80"]);
}

#[test]
fn a_row_that_is_readable_wins_over_its_mirror() {
    let home = Home::with(&["web"]);
    let old = fs::read(home.paths.mirror(&name("web"))).unwrap();
    home.open().want(&[name("web")], true).unwrap();
    fs::write(home.paths.mirror(&name("web")), old).unwrap();
    home.sql("INSERT INTO services (name, command) VALUES ('bad', '[]')");
    let recovered = recover(&home);
    assert_eq!(
        (recovered.from_rows.len(), recovered.from_mirrors.len()),
        (1, 0)
    );
    assert!(home.open().service(&name("web")).unwrap().wanted);
}

#[test]
fn a_whole_registry_only_gets_its_mirrors_right() {
    let home = Home::with(&["a", "b", "c"]);
    let before = home.bytes();
    fs::remove_file(home.paths.mirror(&name("a"))).unwrap();
    fs::write(home.paths.mirror(&name("b")), "{").unwrap();
    fs::write(home.paths.mirror(&name("gone")), "{}").unwrap();
    let recovered = recover(&home);
    assert_eq!((recovered.damage, recovered.aside), (None, None));
    assert_eq!(recovered.mirrored, [name("a"), name("b")]);
    assert!(!home.paths.mirror(&name("gone")).exists());
    assert_eq!(home.bytes(), before);
    assert_eq!(recover(&home).mirrored, []);
}

#[test]
fn a_mirror_that_says_nothing_is_told_as_lost() {
    let home = Home::with(&["a", "b"]);
    fs::write(home.paths.registry(), "x").unwrap();
    fs::write(home.paths.mirror(&name("a")), "{").unwrap();
    let recovered = recover(&home);
    assert_eq!(recovered.from_mirrors, [name("b")]);
    assert!(
        recovered.lost.iter().any(|line| line.contains("a.json")),
        "{recovered:?}"
    );
    assert_eq!(home.names(), ["b"]);
}
