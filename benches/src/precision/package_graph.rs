//! A package manager's graph, with the order in which to build.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use lazy_prop::lazy;

use super::{cases, ran, subject};

#[derive(Clone, Default)]
struct Package {
    version: (u32, u32),
    needs: Vec<String>,
    bytes: u64,
}

#[lazy]
#[derive(Clone, Default)]
pub(super) struct PackageGraph {
    packages: BTreeMap<String, Package>,
    roots: Vec<String>,
    registry: String,
    log: Vec<String>,
    is_frozen: bool,
}

#[lazy]
impl PackageGraph {
    #[lazy]
    fn reached(&self) -> &BTreeSet<String> {
        ran("reached");
        let mut reached = BTreeSet::new();
        let mut waiting = self.roots.clone();
        while let Some(name) = waiting.pop() {
            if let Some(package) = self.packages.get(&name) {
                waiting.extend(
                    package
                        .needs
                        .iter()
                        .filter(|need| !reached.contains(*need))
                        .cloned(),
                );
            }
            reached.insert(name);
        }
        reached
    }

    #[lazy]
    fn missing(&self) -> &[String] {
        ran("missing");
        let reached = self.reached().iter();
        reached
            .filter(|name| !self.packages.contains_key(*name))
            .cloned()
            .collect()
    }

    #[lazy]
    fn bytes(&self) -> u64 {
        ran("bytes");
        self.packages.values().map(|package| package.bytes).sum()
    }

    #[lazy]
    fn lock_file(&self) -> &str {
        ran("lock_file");
        let mut text = format!("registry {}\n", self.registry);
        for (
            name,
            Package {
                version: (major, minor),
                ..
            },
        ) in &self.packages
        {
            let _ = writeln!(text, "{name} {major}.{minor}");
        }
        text
    }

    #[lazy]
    fn warnings(&self) -> usize {
        ran("warnings");
        self.log
            .iter()
            .filter(|line| line.starts_with("warning"))
            .count()
    }

    fn add(&mut self, name: &str, version: (u32, u32), bytes: u64) -> &mut Self {
        let package = Package {
            version,
            bytes,
            ..Package::default()
        };
        if self.packages.insert(name.to_owned(), package).is_some() {
            self.log.push(format!("warning: {name} is replaced"));
        }
        self
    }

    fn need(&mut self, name: &str, needed: &str) -> Result<(), String> {
        let package = self
            .packages
            .get_mut(name)
            .ok_or("there is no such package")?;
        if package.needs.iter().all(|known| known != needed) {
            package.needs.push(needed.to_owned());
        }
        Ok(())
    }

    fn bump(&mut self, name: &str) -> bool {
        if self.is_frozen {
            return false;
        }
        let Some(package) = self.packages.get_mut(name) else {
            return false;
        };
        package.version.1 += 1;
        true
    }

    fn bump_frozen(&mut self, name: &str) -> bool {
        self.is_frozen = true;
        self.bump(name)
    }

    fn add_root(&mut self, name: &str) {
        if !self.roots.iter().any(|root| root == name) {
            self.roots.push(name.to_owned());
        }
    }

    fn prune(&mut self) -> usize {
        let reached = self.reached().clone();
        let before = self.packages.len();
        self.packages.retain(|name, _| reached.contains(name));
        before - self.packages.len()
    }

    fn fetch_missing(&mut self) {
        while let Some(name) = self.missing().first().cloned() {
            self.packages.entry(name).or_default().bytes = 1;
        }
    }

    fn warn(&mut self, text: &str) {
        self.log
            .push(format!("warning: {text}, of {} bytes", self.bytes()));
    }

    fn info(&mut self) -> usize {
        let missing = self.missing().len();
        assert!(missing < 9, "{missing} missing of {}", self.packages.len());
        self.log.truncate(100);
        missing
    }

    fn set_registry(&mut self, registry: &str) {
        if self.registry != registry {
            registry.clone_into(&mut self.registry);
        }
    }

    fn freeze(&mut self) -> Result<(), usize> {
        match self.missing().len() {
            0 => self.is_frozen = true,
            missing => return Err(missing),
        }
        Ok(())
    }

    fn largest_mut(&mut self) -> Option<&mut Package> {
        self.packages
            .values_mut()
            .max_by_key(|package| package.bytes)
    }

    fn replace_roots(&mut self, roots: &[&str]) -> Vec<String> {
        let roots = roots.iter().map(|root| (*root).to_owned()).collect();
        std::mem::replace(&mut self.roots, roots)
    }
}

subject! { PackageGraph = {
        let mut graph = PackageGraph::default();
        graph.set_registry("main");
        graph
            .add("app", (1, 0), 10)
            .add("json", (2, 1), 20)
            .add("old", (0, 1), 30);
        graph.need("app", "json").expect("it is there");
        graph.need("json", "text").expect("it is there");
        graph.add_root("app");
        graph
    };
    reached of [packages, roots],
    missing of [packages, roots],
    bytes of [packages],
    lock_file of [packages, registry],
    warnings of [log],
}

cases! { PackageGraph:
    add writes [packages] in |graph| { graph.add("text", (1, 0), 5); };
    add_again writes [packages, log] in |graph| { graph.add("old", (1, 0), 5); };
    need writes [packages] in |graph| graph.need("json", "regex").expect("is there");
    bump writes [packages] in |graph| assert!(graph.bump("json"));
    bump_frozen writes [is_frozen] in |graph| assert!(!graph.bump_frozen("json"));
    add_root writes [roots] in |graph| graph.add_root("old");
    prune writes [packages] in |graph| assert_eq!(graph.prune(), 1);
    fetch_missing writes [packages] in PackageGraph::fetch_missing;
    warn writes [log] in |graph| graph.warn("a test");
    info writes [log] in |graph| assert_eq!(graph.info(), 1);
    set_registry writes [registry] in |graph| graph.set_registry("mirror");
    set_same_registry writes [] in |graph| graph.set_registry("main");
    freeze writes [] in |graph| { graph.freeze().unwrap_err(); };
    largest_mut writes [packages] in |graph| graph.largest_mut().expect("there are three").bytes += 1;
    replace_roots writes [roots] in |graph| { graph.replace_roots(&["old"]); };
}
