//! The pages: each link leads somewhere, each page has the length that a reader was promised.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files below `folder` with one of these extensions, without what cargo builds.
fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let skipped = ["target", ".git", "node_modules", "wip"];
    let mut found = Vec::new();
    for entry in entries.filter(|entry| skipped.iter().all(|name| entry.file_name() != *name)) {
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() {
            found.extend(files(&path, extensions));
        } else if extensions
            .iter()
            .any(|name| path.extension() == Some(name.as_ref()))
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The links and the anchors of a page.
#[derive(Default)]
struct Page {
    links: Vec<String>,
    anchors: BTreeSet<String>,
}

impl Page {
    fn read(path: &Path) -> Self {
        let text = read(path);
        let mut page = Self::default();
        let mut heading: Option<String> = None;
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(dest_url.into_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    page.anchors.insert(anchor(&heading.take().unwrap()));
                }
                Event::Text(text) | Event::Code(text) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                _ => {}
            }
        }
        page
    }
}

/// The anchor that GitHub and rustdoc give a heading.
fn anchor(heading: &str) -> String {
    let kept = |c: char| match c {
        ' ' | '-' => Some('-'),
        c if c.is_alphanumeric() || c == '_' => Some(c.to_ascii_lowercase()),
        _ => None,
    };
    heading.chars().filter_map(kept).collect()
}

/// Where a link of the page leads: a file and an anchor in it. `None` for what others answer for.
fn target(page: &Path, link: &str) -> Option<(PathBuf, Option<String>)> {
    const GUIDE: &str = "https://docs.rs/lazy-prop/latest/lazy_prop/guide/";
    let (path, anchor) = match link.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor.to_owned())),
        None => (link, None),
    };
    let pages = root().join("lazy-prop/docs");
    let guide = path
        .strip_prefix(GUIDE)
        .or(path.strip_prefix("crate::guide::"));
    let rules = path.strip_prefix("crate::rules::");
    let file = match (guide, path) {
        (Some(""), _) => return None,
        (Some(name), _) => pages
            .join(name.trim_end_matches("/index.html").trim_end_matches('/'))
            .with_extension("md"),
        _ if rules.is_some() => pages.join(format!("{}-rules.md", rules?)),
        (_, "") => page.to_owned(),
        // rustdoc resolves the names of items, and refuses those that it does not find.
        (_, path)
            if path.contains(':') || (page.starts_with(&pages) && !path.contains(['.', '/'])) =>
        {
            return None;
        }
        // GitHub shows an issue template at an address of its own.
        (_, path) if path.starts_with("../blob/HEAD/") => {
            root().join(&path["../blob/HEAD/".len()..])
        }
        (_, path) => page.parent().unwrap().join(path),
    };
    Some((without_dots(&file), anchor))
}

fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            other => plain.push(other),
        }
    }
    plain
}

/// What is wrong with the link, if anything is.
fn wrong(page: &Path, link: &str) -> Option<String> {
    let (file, anchor) = target(page, link)?;
    let shown = page.strip_prefix(root()).unwrap().display();
    if !file.exists() {
        return Some(format!("{shown}: `{link}` leads to no file"));
    }
    let anchor = anchor?;
    let found =
        file.extension() != Some("md".as_ref()) || Page::read(&file).anchors.contains(&anchor);
    (!found).then(|| format!("{shown}: `{link}` leads to no heading"))
}

#[test]
fn each_relative_link_leads_somewhere() {
    let mut checked = 0;
    let mut mistakes = Vec::new();
    for page in files(&root(), &["md"]) {
        let links = Page::read(&page).links;
        checked += links
            .iter()
            .filter(|link| target(&page, link).is_some())
            .count();
        mistakes.extend(links.iter().filter_map(|link| wrong(&page, link)));
    }
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    assert!(checked > 10, "only {checked} links were found");
}

#[test]
fn a_dead_link_and_a_dead_anchor_are_found() {
    let readme = root().join("README.md");
    assert_eq!(wrong(&readme, "LICENSE-MIT"), None);
    assert_eq!(wrong(&readme, "https://example.org/nowhere"), None);
    assert!(
        wrong(&readme, "no/such.md")
            .unwrap()
            .ends_with("leads to no file")
    );
    assert!(
        wrong(&readme, "#no-such-heading")
            .unwrap()
            .ends_with("leads to no heading")
    );
    let dead = "https://docs.rs/lazy-prop/latest/lazy_prop/guide/no_such_page/";
    assert!(wrong(&readme, dead).is_some());
}

#[test]
fn the_repository_is_named_once() {
    // In two parts, so that this file does not name it.
    let address = concat!("github.com/", "lazy-prop/lazy-prop");
    let kinds = ["md", "rs", "toml", "yml", "svg", "json", "txt"];
    let mut named: Vec<_> = files(&root(), &kinds)
        .into_iter()
        .filter(|path| read(path).contains(address))
        .collect();
    named.retain(|path| *path != root().join("Cargo.toml"));
    assert!(named.is_empty(), "pages link by relative paths: {named:?}");
}

#[test]
fn the_readme_takes_a_minute_and_a_page_of_the_guide_a_few() {
    let at_most = |page: &Path, limit| {
        let lines = read(page).lines().count();
        assert!(
            lines <= limit,
            "{} has {lines} lines, {limit} at most",
            page.display()
        );
    };
    at_most(&root().join("README.md"), 140);
    guide().iter().for_each(|page| at_most(page, 200));
}

/// The pages of the guide: all but the macro's own documentation, and the rules.
fn guide() -> Vec<PathBuf> {
    let reference = ["lazy.md", "lazy-rules.md", "command-rules.md"];
    let mut pages = files(&root().join("lazy-prop/docs"), &["md"]);
    pages.retain(|page| !reference.iter().any(|name| page.ends_with(name)));
    pages
}

#[test]
fn the_guide_has_each_page_and_its_code_is_run() {
    let list = read(&root().join("lazy-prop/src/guide.rs"));
    let run = read(&root().join("tests/guide/lib.rs"));
    for page in guide() {
        let name = page.file_stem().unwrap().to_str().unwrap();
        assert!(
            list.contains(&format!("({name})\n")),
            "the list of pages lacks `{name}`"
        );
        for (place, text) in [("guide.rs", &list), ("tests/guide/lib.rs", &run)] {
            assert!(
                text.lines().any(|line| line.ends_with(&format!(" {name}"))),
                "{place} lacks `{name}`"
            );
        }
    }
}

#[test]
fn the_index_of_examples_has_each_program() {
    let index = read(&root().join("examples/README.md"));
    for entry in fs::read_dir(root().join("examples")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_program =
            path.join("Cargo.toml").exists() || path.extension() == Some("rs".as_ref());
        // The test of `report` is no program of its own.
        if is_program && name != "report_test.rs" {
            assert!(
                index.contains(&format!("[`{name}`]")),
                "examples/README.md lacks {name}"
            );
        }
    }
}
