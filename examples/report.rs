//! What does a program pay when it could answer many questions and is asked one? Only that answer.
//!
//! ```text
//! cargo run --example report                         # this workspace's own lock file
//! cargo run --example report -- Cargo.lock roots     # another one, a single question
//! ```
//!
//! Each answer about a `Cargo.lock` is a lazy property of [`Report`], and so is each step that
//! several answers share. The last line of the output names those that were computed.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use lazy_prop::lazy;
use serde::Deserialize;

const USAGE: &str = "\
usage: report [LOCK] [QUESTION]...

  LOCK      a Cargo.lock; if not given, that of this workspace
  QUESTION  packages   how many packages there are
            versions   which names stand there in several versions
            popular    on which packages most others depend directly
            chain      the longest chain of dependencies
            roots      the packages that no other depends on
            If none is given, all of them.";

const QUESTIONS: [&str; 5] = ["packages", "versions", "popular", "chain", "roots"];

/// How many packages `popular` shows.
const POPULAR: usize = 5;

/// Packages, each by its place in the lock file.
type Places = Vec<usize>;

/// A lock file and what there is to know about it.
#[lazy]
struct Report {
    packages: Vec<Package>,
    /// For each package, those that it depends on.
    dependencies: Vec<Places>,
}

#[lazy]
impl Report {
    fn open(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        let lock: Lock = toml::from_str(&text).map_err(|error| error.message().to_owned())?;
        let dependencies = lock.dependencies()?;
        Ok(Self {
            packages: lock.package,
            dependencies,
        })
    }

    /// The names that have several versions, with the versions.
    #[lazy]
    fn versions(&self) -> &BTreeMap<String, Vec<String>> {
        let mut names = BTreeMap::<_, Vec<_>>::new();
        for package in &self.packages {
            let versions = names.entry(package.name.clone()).or_default();
            if !versions.contains(&package.version) {
                versions.push(package.version.clone());
            }
        }
        names.retain(|_, versions| versions.len() > 1);
        names
    }

    /// The packages on which most others depend directly, in descending order.
    #[lazy]
    fn popular(&self) -> &[usize] {
        let mut places: Places = (0..self.packages.len()).collect();
        places.sort_by_key(|&place| Reverse(self.dependents()[place].len()));
        places.truncate(POPULAR);
        places
    }

    /// The longest chain of dependencies. A cycle is one step of it.
    #[lazy]
    fn chain(&self) -> &[Places] {
        longest_chain(self.circles(), &self.dependencies)
    }

    /// The packages on which no other depends, except within their own cycle.
    #[lazy]
    fn roots(&self) -> &[usize] {
        let is_root = |circle: &&Places| {
            let mut above = circle.iter().flat_map(|&place| &self.dependents()[place]);
            above.all(|place| circle.contains(place))
        };
        let roots = self.circles().iter().filter(is_root);
        let mut roots: Places = roots.flatten().copied().collect();
        roots.sort_unstable();
        roots
    }

    /// For each package, those that depend on it.
    #[lazy]
    fn dependents(&self) -> &[Places] {
        let mut dependents = vec![Vec::new(); self.packages.len()];
        for (place, dependencies) in self.dependencies.iter().enumerate() {
            for &dependency in dependencies {
                dependents[dependency].push(place);
            }
        }
        dependents
    }

    /// All packages, each after its dependencies. Dev-dependencies can form a cycle, whose packages stay together.
    /// Most packages are alone.
    #[lazy]
    fn circles(&self) -> &[Places] {
        circles(&self.dependencies, self.dependents())
    }

    fn answer(&self, question: &str) -> String {
        let name = |&place: &usize| self.packages[place].to_string();
        match question {
            "packages" => format!("packages: {}", self.packages.len()),
            "versions" => {
                let line = |(name, versions): (&String, &Vec<_>)| {
                    [name, " ", &versions.join(", ")].concat()
                };
                list(
                    "names in several versions",
                    self.versions().iter().map(line),
                )
            }
            "popular" => {
                let line = |place: &usize| match self.dependents()[*place].len() {
                    1 => format!("{} (1 depends on it)", name(place)),
                    count => format!("{} ({count} depend on it)", name(place)),
                };
                list("most depended-on packages", self.popular().iter().map(line))
            }
            "chain" => {
                let line =
                    |circle: &Places| circle.iter().map(name).collect::<Vec<_>>().join(" <-> ");
                list(
                    "longest chain of dependencies",
                    self.chain().iter().map(line),
                )
            }
            _ => list("roots", self.roots().iter().map(name)),
        }
    }
}

fn list(title: &str, lines: impl ExactSizeIterator<Item = String>) -> String {
    let title = format!("{title}: {}", lines.len());
    let lines = lines.map(|line| format!("\n    {line}"));
    [title].into_iter().chain(lines).collect()
}

/// The parts of a lock file that the report needs.
#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    source: Option<String>,
    /// Each names a package, with as much more as distinguishes it from others.
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Lock {
    fn dependencies(&self) -> Result<Vec<Places>, String> {
        let place = |dependency: &String| {
            let place = self
                .package
                .iter()
                .position(|package| package.is(dependency));
            place.ok_or_else(|| format!("there is no package `{dependency}`"))
        };
        let places = |package: &Package| package.dependencies.iter().map(place).collect();
        self.package.iter().map(places).collect()
    }
}

impl Package {
    /// Whether this is the package of `name`, `name version` or `name version (source)`.
    fn is(&self, dependency: &str) -> bool {
        let mut parts = dependency.splitn(3, ' ');
        parts.next() == Some(&self.name)
            && parts.next().is_none_or(|version| version == self.version)
            && parts.next().is_none_or(|source| self.is_from(source))
    }

    /// A dependency's git source may lack the commit after the `#`.
    fn is_from(&self, source: &str) -> bool {
        let source = source.trim_matches(['(', ')']);
        let own = self.source.as_deref().unwrap_or_default();
        own == source || own.split('#').next() == Some(source)
    }
}

impl std::fmt::Display for Package {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

/// The strongly connected components of the graph, each after those that it leads to.
fn circles(edges: &[Places], reversed: &[Places]) -> Vec<Places> {
    let mut seen = vec![false; edges.len()];
    let mut finished = Vec::new();
    for place in 0..edges.len() {
        finish(place, edges, &mut seen, &mut finished);
    }
    seen.fill(false);
    let mut circles = Vec::new();
    for &place in finished.iter().rev() {
        let mut circle = Vec::new();
        finish(place, reversed, &mut seen, &mut circle);
        circles.push(circle);
    }
    circles.retain(|circle| !circle.is_empty());
    circles.reverse();
    circles
}

/// Adds what `place` leads to and then itself to `finished`, but for those that were seen before.
fn finish(place: usize, edges: &[Places], seen: &mut [bool], finished: &mut Places) {
    if seen[place] {
        return;
    }
    seen[place] = true;
    for &next in &edges[place] {
        finish(next, edges, seen, finished);
    }
    finished.push(place);
}

/// The longest chain through `circles`, each of which stands after those that it leads to.
fn longest_chain(circles: &[Places], edges: &[Places]) -> Vec<Places> {
    let mut circle_of = vec![0; edges.len()];
    // For each cycle, the length of the longest chain from it, and the next step of that chain.
    let mut ways: Vec<(usize, Option<usize>)> = Vec::new();
    for (here, circle) in circles.iter().enumerate() {
        for &place in circle {
            circle_of[place] = here;
        }
        let next = circle.iter().flat_map(|&place| &edges[place]);
        let next = next
            .map(|&place| circle_of[place])
            .filter(|&next| next != here);
        let next = next.max_by_key(|&next| ways[next].0);
        ways.push((next.map_or(1, |next| ways[next].0 + 1), next));
    }
    let start = (0..ways.len()).max_by_key(|&circle| ways[circle].0);
    let chain = std::iter::successors(start, |&circle| ways[circle].1);
    chain.map(|circle| circles[circle].clone()).collect()
}

/// The lock file and the questions that the arguments name.
fn parse(arguments: impl Iterator<Item = String>) -> Result<(PathBuf, Vec<String>), String> {
    let (mut questions, mut paths): (Vec<_>, Vec<_>) =
        arguments.partition(|argument| QUESTIONS.contains(&argument.as_str()));
    if questions.is_empty() {
        questions = QUESTIONS.map(str::to_owned).into();
    }
    let path = paths
        .pop()
        .unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock").into());
    match paths.pop() {
        Some(word) => Err(format!("`{word}` is no question\n{USAGE}")),
        None => Ok((path.into(), questions)),
    }
}

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1).peekable();
    if arguments
        .next_if(|first| first == "--help" || first == "-h")
        .is_some()
    {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let (path, questions) = match parse(arguments) {
        Ok(parsed) => parsed,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(2);
        }
    };
    let report = match Report::open(&path) {
        Ok(report) => report,
        Err(problem) => {
            eprintln!("{}: {problem}", path.display());
            return ExitCode::FAILURE;
        }
    };
    let mut lines: Vec<_> = questions.iter().map(|word| report.answer(word)).collect();
    let computed: Vec<_> = report.lazy.computed().collect();
    lines.push(format!("computed: {}\n", computed.join(", ")));
    // A reader that closes the pipe early has read enough.
    let _ = io::stdout().write_all(lines.join("\n").as_bytes());
    ExitCode::SUCCESS
}
