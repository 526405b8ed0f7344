//! That `PEERS.md` names tests which exist.

use std::fs;

#[test]
fn each_test_that_is_named_is_there() {
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let sources: String = ["tests/it", "src"]
        .iter()
        .flat_map(|directory| fs::read_dir(format!("{here}{directory}")).unwrap())
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    let peers = fs::read_to_string(format!("{here}PEERS.md")).unwrap();
    let named = peers.split('`').skip(1).step_by(2);
    let named: Vec<_> = named.filter(|word| word.matches('_').count() > 1).collect();
    assert!(named.len() > 40, "{named:?}");
    for name in named {
        assert!(
            sources.contains(&format!("fn {name}()")),
            "{name} is no test"
        );
    }
}
