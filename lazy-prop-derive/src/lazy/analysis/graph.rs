//! The reads between the items of a block: which properties a change makes stale, and which need
//! themselves.

use proc_macro2::Ident;

use super::reads::Event;
use crate::lazy::model::block::Method;
use crate::lazy::model::mark::Mark;
use crate::lazy::syntax::{plain, text};
use crate::sorted::{ByName, Set};

/// The target of a change: one field, all fields, or the properties in a mark. The field without a
/// name stands for one that is read only by properties that read everything.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    Field(String),
    All,
    Listed(Set<String>),
    /// All of them, unless the home has a method with this name. For further blocks.
    Unseen(String),
}

/// A method of the block that cannot change its host.
pub(crate) struct Reader {
    name: Ident,
    is_property: bool,
    /// `#[lazy(cycle_ok)]`: the property reaches itself only in the text.
    cycle_ok: bool,
    /// `#[lazy(ttl = …)]`
    expires: bool,
    events: Vec<Event>,
    /// `#[lazy(depends(…))]`: the reads of the property, in place of those in its body.
    depends: Option<Vec<String>>,
}

/// The reads of a body: its own, and those of the methods that it calls.
#[derive(Default)]
struct Reads {
    fields: Set<String>,
    properties: Set<String>,
    /// Unknown code, which counts as every field and every property.
    everything: bool,
}

/// The readers of a block by name. Under several `#[cfg]`s one name can have several.
pub(crate) struct Graph {
    readers: Vec<Reader>,
    named: ByName<Vec<usize>>,
    /// The reads of the properties, by name.
    properties: ByName<Reads>,
    /// Whether the properties are in another block, so that any change may make some stale.
    is_also: bool,
}

impl Reader {
    pub(crate) fn new(method: &Method, events: Vec<Event>) -> Self {
        let options = method.mark.as_ref().map(|mark| &mark.options);
        Self {
            name: method.item.sig.ident.clone(),
            is_property: method.mark.as_ref().is_some_and(Mark::is_property),
            cycle_ok: options.is_some_and(|options| options.cycle_ok.is_some()),
            expires: options.is_some_and(|options| options.ttl.is_some()),
            depends: options.and_then(|options| {
                let (_, names) = options.depends.as_ref()?;
                Some(names.iter().map(text).collect())
            }),
            events,
        }
    }
}

impl Graph {
    pub(crate) fn new(readers: Vec<Reader>, is_also: bool) -> Self {
        let mut named = ByName::<Vec<_>>::new();
        for (position, reader) in readers.iter().enumerate() {
            named.or_default(plain(&reader.name)).push(position);
        }
        let mut graph = Self {
            readers,
            named,
            properties: ByName::new(),
            is_also,
        };
        let properties = graph.readers.iter().filter(|reader| reader.is_property);
        let properties: Set<_> = properties.map(|reader| plain(&reader.name)).collect();
        let reads = properties.into_iter().map(|name| {
            let mut reads = Reads::default();
            graph.collect(&name, &mut Set::new(), &mut reads);
            (name, reads)
        });
        graph.properties = reads.collect();
        graph
    }

    fn named(&self, name: &str) -> impl Iterator<Item = &Reader> {
        let positions = self.named.get(name).map_or(&[][..], Vec::as_slice);
        positions.iter().map(|position| &self.readers[*position])
    }

    fn is_property(&self, name: &str) -> bool {
        self.named(name).any(|reader| reader.is_property)
    }

    fn collect(&self, name: &str, seen: &mut Set<String>, reads: &mut Reads) {
        if !seen.insert(name.to_owned()) {
            return;
        }
        let mut called = |name: String| {
            if self.is_property(&name) {
                reads.properties.insert(name.clone());
            }
            name
        };
        let mut next = Vec::new();
        for reader in self.named(name) {
            if let Some(depends) = &reader.depends {
                for name in depends {
                    if self.named.contains(name) {
                        next.push(called(name.clone()));
                    } else {
                        reads.fields.insert(name.clone());
                    }
                }
                continue;
            }
            for event in &reader.events {
                match event {
                    Event::Field(field) => drop(reads.fields.insert(field.clone())),
                    Event::Everything => reads.everything = true,
                    Event::Call(name) | Event::Peek(name) => next.push(called(plain(name))),
                }
            }
        }
        for name in next {
            self.collect(&name, seen, reads);
        }
    }

    /// Whether a name is that of a method of the block that cannot change its host.
    pub(crate) fn has_reader(&self, name: &str) -> bool {
        self.named.contains(name)
    }

    /// The names of the properties.
    pub(crate) fn properties(&self) -> impl Iterator<Item = &str> {
        self.properties.names()
    }

    /// These properties in the order of the source.
    pub(crate) fn in_order(&self, properties: &Set<String>) -> Vec<String> {
        let names = self.readers.iter().map(|reader| plain(&reader.name));
        let mut names: Vec<_> = names.filter(|name| properties.contains(name)).collect();
        names.dedup();
        names
    }

    /// The properties that a change makes stale.
    pub(crate) fn stale_by(&self, target: &Target) -> Set<String> {
        if let Target::Listed(listed) = target {
            return listed.clone();
        }
        if self.is_also {
            return Set::from_iter(["*".to_owned()]);
        }
        let stale = self.properties.iter().filter(|(_, reads)| match target {
            Target::Field(field) => reads.everything || reads.fields.contains(field),
            Target::All => reads.everything || !reads.fields.is_empty(),
            Target::Listed(_) | Target::Unseen(_) => false,
        });
        stale.map(|(name, _)| name.to_owned()).collect()
    }

    /// The targets whose change makes a property stale: each field that a property reads, all of
    /// them, and if there are properties that read everything, any other field.
    pub(crate) fn targets(&self) -> Set<Target> {
        let fields = self.properties.values().flat_map(|reads| &reads.fields);
        let mut targets: Set<_> = fields.cloned().map(Target::Field).collect();
        if self.properties.values().any(|reads| reads.everything) {
            targets.insert(Target::Field(String::new()));
        }
        targets.insert(Target::All);
        targets
    }

    /// These properties and those that read them.
    pub(crate) fn with_dependants(&self, listed: &[String]) -> Set<String> {
        let is_listed = |name: &str| listed.iter().any(|one| one == name);
        let stale = self.properties.iter().filter(|(name, reads)| {
            let depends = reads.everything || reads.properties.iter().any(|name| is_listed(name));
            is_listed(name) || !listed.is_empty() && depends
        });
        stale.map(|(name, _)| name.to_owned()).collect()
    }

    /// The reads of the bodies with this name, as `Property::reads` lists them.
    pub(crate) fn listed_reads(&self, name: &str) -> Vec<String> {
        let Some(reads) = self.properties.get(name) else {
            return Vec::new();
        };
        if reads.everything {
            return vec!["self".to_owned()];
        }
        let both = reads.fields.iter().chain(&reads.properties);
        let both: Set<_> = both.cloned().collect();
        both.into_iter().collect()
    }

    /// The properties that keep a result of one that expires, each with that one.
    pub(crate) fn outliving(&self) -> Vec<(&Ident, &str)> {
        let expires = |name: &&String| self.named(name).any(|reader| reader.expires);
        let keeps = self
            .readers
            .iter()
            .filter(|reader| reader.is_property && !reader.expires && reader.depends.is_none());
        let found = keeps.filter_map(|reader| {
            let reads = self.properties.get(&plain(&reader.name))?;
            Some((
                &reader.name,
                reads.properties.iter().find(expires)?.as_str(),
            ))
        });
        found.collect()
    }

    /// The properties that need themselves, each with the methods on a path back to it.
    pub(crate) fn cycles(&self) -> Vec<(&Ident, Vec<&Ident>)> {
        let mut told = Set::new();
        let mut cycles = Vec::new();
        for reader in self.readers.iter().filter(|reader| reader.is_property) {
            let name = plain(&reader.name);
            if reader.cycle_ok || told.contains(&name) {
                continue;
            }
            let mut way = Vec::new();
            if self.way_back(&name, &name, &mut Set::new(), &mut way) {
                told.extend(way.iter().map(|name| plain(name)));
                cycles.push((&reader.name, way));
            }
        }
        cycles
    }

    fn way_back<'g>(
        &'g self,
        from: &str,
        to: &str,
        seen: &mut Set<String>,
        way: &mut Vec<&'g Ident>,
    ) -> bool {
        if !seen.insert(from.to_owned()) {
            return false;
        }
        for reader in self.named(from) {
            for event in &reader.events {
                if let Event::Call(called) = event {
                    way.push(called);
                    if plain(called) == to || self.way_back(&plain(called), to, seen, way) {
                        return true;
                    }
                    way.pop();
                }
            }
        }
        false
    }
}
