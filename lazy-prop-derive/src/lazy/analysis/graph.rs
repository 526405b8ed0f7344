//! Who reads what in a block: which properties a change makes stale, and which need themselves.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Ident;

use crate::lazy::analysis::flow::{Flow, Unseen};
use crate::lazy::model::receiver::Receiver;
use crate::lazy::syntax::plain;

/// A method of the block.
pub(crate) struct Method {
    pub(crate) name: Ident,
    pub(crate) receiver: Receiver,
    pub(crate) flow: Flow,
    pub(crate) is_property: bool,
    /// `#[lazy(cycle_ok)]`: the property reaches itself in the text alone.
    pub(crate) cycle_ok: bool,
    /// `#[lazy(depends(…))]`: what the property reads, instead of what can be seen.
    pub(crate) depends: Option<Vec<String>>,
    /// `#[lazy(keeps)]` or `#[lazy(clears(…))]`: what the method clears, instead of what can be
    /// seen.
    pub(crate) clears: Option<Vec<String>>,
}

/// What a body reads: itself, and through the methods that it calls.
#[derive(Default)]
struct Reads {
    fields: BTreeSet<String>,
    properties: BTreeSet<String>,
    /// It can't be seen, so it is every field and every property.
    everything: bool,
}

/// The methods of a block by name; under several `#[cfg]`s one name can have several.
pub(crate) struct Graph {
    methods: Vec<Method>,
    named: BTreeMap<String, Named>,
    /// The properties that a method clears, one set for each method.
    clears: Vec<BTreeSet<String>>,
}

/// All that is known of the methods of a name.
#[derive(Default)]
struct Named {
    /// Their positions.
    positions: Vec<usize>,
    reads: Reads,
    /// The methods that clear them, if they are properties, in the order of the source.
    cleared_by: Vec<String>,
}

impl Graph {
    pub(crate) fn new(methods: Vec<Method>) -> Self {
        let mut graph = Self {
            methods,
            named: BTreeMap::new(),
            clears: Vec::new(),
        };
        for (position, method) in graph.methods.iter().enumerate() {
            let named = graph.named.entry(plain(&method.name)).or_default();
            named.positions.push(position);
        }
        let reads: Vec<_> = graph
            .named
            .keys()
            .map(|name| graph.all_reads(name))
            .collect();
        for (named, reads) in graph.named.values_mut().zip(reads) {
            named.reads = reads;
        }
        let clears = graph.methods.iter().map(|method| graph.stale_by(method));
        graph.clears = clears.collect();
        for (method, clears) in graph.methods.iter().zip(&graph.clears) {
            for property in clears {
                let named = graph.named.entry(property.clone()).or_default();
                named.cleared_by.push(plain(&method.name));
            }
        }
        graph
    }

    fn all_reads(&self, name: &str) -> Reads {
        let mut reads = Reads::default();
        self.collect(name, &mut BTreeSet::new(), &mut reads);
        reads
    }

    pub(crate) fn methods(&self) -> &[Method] {
        &self.methods
    }

    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = &Method> {
        let named = self.named.get(name);
        let positions = named.map_or(&[][..], |named| &named.positions);
        positions.iter().map(|position| &self.methods[*position])
    }

    pub(crate) fn has_method(&self, name: &str) -> bool {
        self.named.contains_key(name)
    }

    pub(crate) fn is_property(&self, name: &str) -> bool {
        self.named(name).any(|method| method.is_property)
    }

    /// The properties that the method at this position clears: those that it may make stale.
    pub(crate) fn clears(&self, position: usize) -> &BTreeSet<String> {
        &self.clears[position]
    }

    /// The methods that clear a property.
    pub(crate) fn cleared_by(&self, property: &str) -> &[String] {
        let named = self.named.get(property);
        named.map_or(&[], |named| &named.cleared_by)
    }

    fn reads(&self, name: &str) -> Option<&Reads> {
        self.named.get(name).map(|named| &named.reads)
    }

    /// The properties that read so.
    fn properties(&self, reads_so: impl Fn(&str, &Reads) -> bool) -> BTreeSet<String> {
        let mut properties = BTreeSet::new();
        for (name, named) in &self.named {
            if self.is_property(name) && reads_so(name, &named.reads) {
                properties.insert(name.clone());
            }
        }
        properties
    }

    fn collect(&self, name: &str, seen: &mut BTreeSet<String>, reads: &mut Reads) {
        if !seen.insert(name.to_owned()) {
            return;
        }
        for method in self.named(name) {
            for step in method.steps(|name| self.has_method(name)) {
                match step {
                    Step::Field(field) => drop(reads.fields.insert(field)),
                    Step::Everything => reads.everything = true,
                    Step::Method(called) => {
                        if self.is_property(&called) {
                            reads.properties.insert(called.clone());
                        }
                        self.collect(&called, seen, reads);
                    }
                }
            }
        }
    }

    /// The properties that a change of `fields`, or of `everything`, makes stale.
    fn stale(&self, fields: &BTreeSet<String>, everything: bool) -> BTreeSet<String> {
        self.properties(|_, reads| {
            let reads_any = reads.everything || !reads.fields.is_empty();
            let changed = !reads.fields.is_disjoint(fields);
            let unseen = reads.everything && !fields.is_empty();
            changed || unseen || everything && reads_any
        })
    }

    /// What the bodies of this name read, as [`Property::reads`] tells it.
    pub(crate) fn listed_reads(&self, name: &str) -> Vec<String> {
        let Some(reads) = self.reads(name) else {
            return Vec::new();
        };
        if reads.everything {
            return vec!["self".to_owned()];
        }
        reads.fields.union(&reads.properties).cloned().collect()
    }

    /// These properties and those that read them.
    fn with_dependants(&self, listed: &[String]) -> BTreeSet<String> {
        let is_listed = |name: &str| listed.iter().any(|one| one == name);
        self.properties(|name, reads| {
            let depends = reads.everything || reads.properties.iter().any(|name| is_listed(name));
            is_listed(name) || !listed.is_empty() && depends
        })
    }

    fn stale_by(&self, method: &Method) -> BTreeSet<String> {
        if method.is_property || !method.receiver.can_change() {
            return BTreeSet::new();
        }
        if let Some(clears) = &method.clears {
            return self.with_dependants(clears);
        }
        let mut fields = BTreeSet::new();
        let mut everything = false;
        for event in method.flow.events() {
            match event {
                Flow::Change(field) => drop(fields.insert(field.clone())),
                Flow::Everything { unseen, .. } if *unseen != Unseen::Looks => everything = true,
                _ => {}
            }
        }
        self.stale(&fields, everything)
    }

    /// What one event of a method's body does to one property.
    pub(crate) fn effect(&self, event: &Flow, property: &str) -> Effect {
        match event {
            Flow::Change(field) if self.depends_on(property, field) => Effect::Changes,
            Flow::Everything {
                unseen: Unseen::Changes,
                ..
            } => Effect::Unseen,
            Flow::Everything {
                unseen: Unseen::Looks,
                ..
            } => Effect::MayRead,
            Flow::Call(name) => self.effect_of_call(&plain(name), property),
            _ => Effect::Nothing,
        }
    }

    fn depends_on(&self, property: &str, field: &str) -> bool {
        let reads = self.reads(property);
        reads.is_some_and(|reads| reads.everything || reads.fields.contains(field))
    }

    /// Whether a call of this name computes a property, as far as can be seen.
    pub(crate) fn reads_property(&self, called: &str, property: &str) -> bool {
        let reads = self.reads(called);
        called == property || reads.is_some_and(|reads| reads.properties.contains(property))
    }

    fn effect_of_call(&self, called: &str, property: &str) -> Effect {
        let Some(reads) = self.reads(called) else {
            return Effect::Nothing;
        };
        if self
            .cleared_by(property)
            .iter()
            .any(|method| method == called)
        {
            let may_read = self.reads_property(called, property) || reads.everything;
            Effect::Clears { may_read }
        } else if self.reads_property(called, property) {
            Effect::Reads
        } else if reads.everything {
            Effect::MayRead
        } else {
            Effect::Nothing
        }
    }

    /// The methods on a way from `property` back to it, each with where it is called.
    pub(crate) fn cycle(&self, property: &str) -> Option<Vec<Ident>> {
        let mut way = Vec::new();
        self.way_back(property, property, &mut BTreeSet::new(), &mut way)
            .then_some(way)
    }

    fn way_back(
        &self,
        from: &str,
        to: &str,
        seen: &mut BTreeSet<String>,
        way: &mut Vec<Ident>,
    ) -> bool {
        if !seen.insert(from.to_owned()) {
            return false;
        }
        for method in self.named(from) {
            for event in method.flow.events() {
                if let Flow::Call(called) = event {
                    way.push(called.clone());
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

/// What an event in a body does to a property.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Effect {
    Nothing,
    /// It is read, so it is computed now.
    Reads,
    /// It may be read, where that can't be seen.
    MayRead,
    /// A field that it reads is changed.
    Changes,
    /// Both may happen to it, where that can't be seen.
    Unseen,
    /// It is cleared, by a method that does so itself, and may read it then.
    Clears {
        may_read: bool,
    },
}

impl Effect {
    /// Whether a value that is kept may be read; one that is cleared first is not.
    pub(crate) fn reads_what_is_kept(self) -> bool {
        matches!(self, Self::Reads | Self::MayRead | Self::Unseen)
    }

    pub(crate) fn may_read(self) -> bool {
        self.reads_what_is_kept() || self == Self::Clears { may_read: true }
    }
}

enum Step {
    Field(String),
    Method(String),
    Everything,
}

impl Method {
    /// What the body reads, or what it is said to read.
    fn steps(&self, is_method: impl Fn(&str) -> bool) -> Vec<Step> {
        if let Some(depends) = &self.depends {
            let step_of = |name: String| {
                if is_method(&name) {
                    Step::Method(name)
                } else {
                    Step::Field(name)
                }
            };
            return depends.iter().cloned().map(step_of).collect();
        }
        let events = self.flow.events().into_iter();
        let steps = events.filter_map(|event| match event {
            Flow::Read(field) | Flow::Change(field) => Some(Step::Field(field.clone())),
            Flow::Call(method) | Flow::Peek(method) => Some(Step::Method(plain(method))),
            Flow::Everything { .. } => Some(Step::Everything),
            _ => None,
        });
        steps.collect()
    }
}
