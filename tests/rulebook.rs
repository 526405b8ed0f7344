//! The rulebook: each file of `ui/*/` breaks one rule, and its twin in `fixed` keeps it. A page of the
//! crate's documentation is made from them, so it says what the compiler says.
//!
//! `TRYBUILD=overwrite cargo test -p tests --test rulebook` accepts what the compiler says now, and
//! writes the page. Read both before you commit them.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

const INTRODUCTION: &str = "\
What the compiler refuses, why, and what to write instead. Each rule has code that breaks it,
what rustc 1.95 says, and code that keeps it. The page is made from the tests of this crate.
";

/// One broken rule, with its twin.
struct Rule {
    name: String,
    /// The texts after `Rule:`, `Why:` and `Instead:`.
    head: [String; 3],
    broken: String,
    said: String,
    kept: String,
}

impl Rule {
    fn read(path: &Path) -> Self {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = read(path);
        let (head, broken) = split_head(&text)
            .unwrap_or_else(|| panic!("{name} opens with `// Rule:`, `// Why:`, `// Instead:`"));
        let kept = read(&path.with_file_name("fixed").join(format!("{name}.rs")));
        Self {
            head,
            broken: broken.to_owned(),
            said: read(&path.with_extension("stderr")),
            kept: kept
                .trim_start_matches("#![allow(dead_code)]\n\n")
                .to_owned(),
            name,
        }
    }

    fn write_to(&self, page: &mut String) {
        let [rule, why, instead] = &self.head;
        let Self {
            name,
            broken,
            said,
            kept,
            ..
        } = self;
        let title = name.replace('_', " ");
        writeln!(page, "\n## {title}\n\n**Rule:** {rule}  \n**Why:** {why}\n").unwrap();
        writeln!(page, "```compile_fail\n{broken}```\n\n```text\n{said}```\n").unwrap();
        writeln!(
            page,
            "**Instead:** {instead}\n\n```\n# #![allow(dead_code)]\n{kept}```"
        )
        .unwrap();
    }
}

fn split_head(text: &str) -> Option<([String; 3], &str)> {
    let mut rest = text;
    let mut head = <[String; 3]>::default();
    for (line, word) in head
        .iter_mut()
        .zip(["// Rule: ", "// Why: ", "// Instead: "])
    {
        let (first, others) = rest.strip_prefix(word)?.split_once('\n')?;
        *line = first.to_owned();
        rest = others;
    }
    Some((head, rest))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn page(folder: &Path) -> String {
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files
        .filter(|path| path.extension() == Some("rs".as_ref()))
        .collect();
    files.sort();
    let mut page = INTRODUCTION.to_owned();
    for file in files {
        Rule::read(&file).write_to(&mut page);
    }
    page
}

fn is_up_to_date(family: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join(format!("../lazy-prop/docs/{family}-rules.md"));
    let page = page(&root.join("ui").join(family));
    if std::env::var_os("TRYBUILD").is_some_and(|how| how == "overwrite") {
        fs::write(&file, &page).unwrap();
    }
    assert!(
        read(&file) == page,
        "{} is behind: see the head of this file",
        file.display()
    );
}

/// The compiler of the snapshots. Others word their errors differently, and even order them
/// differently.
const SNAPSHOTS_OF: &str = "rustc 1.95.";

fn this_is_the_snapshots_compiler() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = std::process::Command::new(rustc).arg("--version").output();
    let version = version.map(|out| String::from_utf8_lossy(&out.stdout).into_owned());
    let found = version.unwrap_or_default();
    let this = found.starts_with(SNAPSHOTS_OF) && !found.contains("nightly");
    if !this {
        eprintln!("skipped: the snapshots are {SNAPSHOTS_OF}x's, this is {found}");
    }
    this
}

#[test]
fn lazy_rules() {
    rules("lazy");
}

#[test]
fn command_rules() {
    rules("command");
}

/// What is typed half costs no more errors than rustc has for it.
#[test]
fn half_typed_code() {
    if this_is_the_snapshots_compiler() {
        trybuild::TestCases::new().compile_fail("ui/half_typed/*.rs");
    }
}

fn rules(family: &str) {
    let cases = trybuild::TestCases::new();
    cases.pass(format!("ui/{family}/fixed/*.rs"));
    if this_is_the_snapshots_compiler() {
        cases.compile_fail(format!("ui/{family}/*.rs"));
    }
    drop(cases); // runs them
    is_up_to_date(family);
}
