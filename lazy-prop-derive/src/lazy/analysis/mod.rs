//! What each body does to its host, and so what each method must clear.
//!
//! This stage makes no errors and no tokens.

pub(crate) mod changes;
pub(crate) mod facts;
pub(crate) mod graph;
pub(crate) mod lends;
mod locals;
mod needs;
pub(crate) mod places;
pub(crate) mod reads;
pub(crate) mod std_macros;
mod std_methods;
mod values;
pub(crate) mod verdict;

use proc_macro2::Ident;

use changes::sink::{Record, What};
use facts::Facts;
use graph::{Graph, Reader, Target};

use super::model::block::{Block, Item, Method};
use verdict::{Clearing, Verdict};

use super::syntax::{plain, text};
use crate::sorted::{ByName, Set};

/// Everything that is known of a block's bodies.
pub(crate) struct Plan {
    pub(crate) facts: Facts,
    pub(crate) graph: Graph,
    /// One for each item of the block.
    pub(crate) clearings: Vec<Clearing>,
    /// The methods that clear a property, in the order of the source.
    cleared_by: ByName<Vec<String>>,
}

/// Reads the bodies of a block.
pub(crate) fn analyse(block: &mut Block) -> Plan {
    let facts = Facts::new(block);
    let readers = block
        .methods()
        .filter(|method| !method.receiver.can_change());
    let readers = readers.map(|method| Reader::new(method, reads::of(&method.item, &facts)));
    let mut plan = Plan {
        graph: Graph::new(readers.collect(), facts.is_also),
        facts,
        clearings: Vec::new(),
        cleared_by: ByName::new(),
    };
    for item in &mut block.items {
        let clearing = match item {
            Item::Method(method) => plan.clearing(method),
            Item::Other(_) => Clearing::Nothing,
        };
        if let Item::Method(method) = item {
            for property in plan.cleared(&clearing) {
                let by = plan.cleared_by.or_default(property);
                by.push(plain(&method.item.sig.ident));
            }
        }
        plan.clearings.push(clearing);
    }
    plan
}

impl Plan {
    fn clearing(&self, method: &mut Method) -> Clearing {
        if method.is_lazy() || !method.receiver.can_change() {
            return Clearing::Nothing;
        }
        if let Some(property) = &method.in_place {
            let property = plain(property);
            let mut dependants = self.graph.with_dependants(std::slice::from_ref(&property));
            dependants.remove(&property);
            return listed(dependants);
        }
        let options = method.mark.as_ref().map(|mark| &mark.options);
        let named = options.and_then(|options| match (&options.keeps, &options.clears) {
            (Some(_), _) => Some(Vec::new()),
            (None, clears) => Some(clears.as_ref()?.1.iter().map(text).collect()),
        });
        if let Some(named) = named {
            return listed(self.graph.with_dependants(&named));
        }
        let mut record = Record::default();
        let verdict = changes::follow(method, &self.facts, &self.graph, &mut record);
        let verdict = Verdict {
            changes_inner: record.by_type.iter().any(What::is_inner),
            targets: record.targets,
            loans: record.loans,
            ..verdict
        };
        if verdict.is_empty() {
            Clearing::Nothing
        } else {
            Clearing::AtChanges(verdict)
        }
    }

    /// The methods that clear a property, in the order of the source.
    pub(crate) fn cleared_by(&self, property: &Ident) -> &[String] {
        let methods = self.cleared_by.get(&plain(property));
        methods.map_or(&[], Vec::as_slice)
    }

    /// The properties that are cleared.
    pub(crate) fn cleared(&self, clearing: &Clearing) -> Set<String> {
        match clearing {
            Clearing::Nothing => Set::new(),
            Clearing::Listed(properties) => properties.clone(),
            Clearing::AtChanges(verdict) => {
                let targets = verdict.all_targets();
                targets
                    .flat_map(|target| self.graph.stale_by(target))
                    .collect()
            }
        }
    }

    /// Every target that generated code clears, in the order of their numbers.
    pub(crate) fn targets(&self) -> Set<Target> {
        let listed = self.clearings.iter().filter_map(|clearing| match clearing {
            Clearing::Listed(listed) => Some(Target::Listed(listed.clone())),
            _ => None,
        });
        let mut targets = self.graph.targets();
        targets.extend(listed);
        targets
    }
}

fn listed(properties: Set<String>) -> Clearing {
    if properties.is_empty() {
        Clearing::Nothing
    } else {
        Clearing::Listed(properties)
    }
}
