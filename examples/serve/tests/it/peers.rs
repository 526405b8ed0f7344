//! That `PEERS.md` says of each row where it is held, and that it is.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The tests of a directory, with those of the daemon's library, which hold some of the rows.
fn tests() -> BTreeSet<String> {
    let directories = [
        "tests/it",
        "../daemon/tests/it",
        "../daemon/src",
        "src",
        "src/parent",
    ];
    let files = directories.iter().flat_map(|directory| {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
        fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().path())
    });
    let mut tests = BTreeSet::new();
    for file in files.filter(|file| file.extension().is_some_and(|kind| kind == "rs")) {
        let text = fs::read_to_string(file).unwrap();
        let after = text.split("#[test]").skip(1);
        let name = |code: &str| {
            code.split_once("fn ")
                .unwrap()
                .1
                .split_once('(')
                .unwrap()
                .0
                .to_owned()
        };
        tests.extend(after.map(name));
    }
    tests
}

/// The rows of the tables: an id, and what is said of it.
fn rows() -> Vec<(String, String)> {
    let text = read("PEERS.md");
    let rows = text.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let id = cells.next()?.trim();
        let is_id = id.len() > 1
            && id.starts_with(['T', 'S', 'E'])
            && id[1..].chars().all(|c| c.is_ascii_digit());
        is_id.then(|| (id.to_owned(), line.to_owned()))
    });
    rows.collect()
}

#[test]
fn each_row_of_twistd_and_swift_is_there_once() {
    let ids: Vec<_> = rows().into_iter().map(|(id, _)| id).collect();
    let twistd = (1..=20).map(|n| format!("T{n}"));
    let swift = (1..=21).map(|n| format!("S{n}"));
    let faults = (38..=44).chain(48..=51).map(|n| format!("E{n}"));
    assert_eq!(ids, twistd.chain(swift).chain(faults).collect::<Vec<_>>());
}

#[test]
fn each_row_names_tests_that_are_there_or_a_reason() {
    let tests = tests();
    for (id, line) in rows() {
        let words = line.split('`').skip(1).step_by(2);
        let named: Vec<_> = words.filter(|word| word.matches('_').count() > 1).collect();
        for name in &named {
            assert!(tests.contains(*name), "{id}: there is no test {name}");
        }
        assert!(
            !named.is_empty() || line.contains("does not apply: "),
            "{id} names no test and no reason"
        );
    }
}

#[test]
fn each_test_that_bears_an_id_is_named_in_its_row() {
    let rows = rows();
    let named = |test: &String| {
        let ids = test.split('_').take_while(|word| {
            word.len() > 1
                && word.starts_with(['t', 's', 'e'])
                && word[1..].chars().all(|c| c.is_ascii_digit())
        });
        ids.map(str::to_uppercase).all(|id| {
            let row = rows.iter().find(|(other, _)| *other == id);
            row.is_some_and(|(_, line)| line.contains(&format!("`{test}`")))
        })
    };
    let own = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it")).unwrap();
    let text: String = own
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    let is_own = |test: &&String| text.contains(&format!("fn {test}("));
    let lost: Vec<_> = tests()
        .into_iter()
        .filter(|test| is_own(&test) && !named(test))
        .collect();
    assert_eq!(lost, [""; 0]);
}
