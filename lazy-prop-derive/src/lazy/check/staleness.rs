//! The rules for what a block's methods read and change, one function each.

use std::collections::BTreeSet;

use proc_macro2::Ident;
use syn::Member;

use crate::errors::{Errors, nearest};
use crate::lazy::analysis::Plan;
use crate::lazy::analysis::graph::Graph;
use crate::lazy::analysis::verdict::Clearing;
use crate::lazy::model::block::Method;
use crate::lazy::model::mark::Mark;
use crate::lazy::model::receiver::Receiver;
use crate::lazy::syntax::{plain, text};

/// `clears(…)` names properties.
pub(crate) fn names_properties(mark: &Mark, graph: &Graph, errors: &mut Errors) {
    let names = mark.options.clears.iter().flat_map(|(_, names)| names);
    for name in names {
        if !graph.properties().any(|property| property == text(name)) {
            errors.at(name, unknown(name, graph));
        }
    }
}

fn unknown(name: &Member, graph: &Graph) -> String {
    let text = text(name);
    let known: Vec<&str> = graph.properties().collect();
    match nearest(&text, &known) {
        Some(near) => {
            format!("no property of this block is named `{text}`; did you mean `{near}`?")
        }
        None => format!("no property of this block is named `{text}`"),
    }
}

/// What is computed from a value that expires is stale when that has expired.
pub(crate) fn outliving(graph: &Graph, errors: &mut Errors) {
    for (name, read) in graph.outliving() {
        errors.at(
            name,
            format!("`{name}` would keep what it makes of `{read}` when that has expired: give it a `ttl` too, or make it a plain method"),
        );
    }
}

/// A property that needs itself has no value, unless its ways never meet; gives the names of those
/// that do.
pub(crate) fn cycles(graph: &Graph, errors: &mut Errors) -> BTreeSet<String> {
    let mut circular = BTreeSet::new();
    for (name, way) in graph.cycles() {
        tell_cycle(name, &way, errors);
        circular.extend(way.into_iter().map(plain));
    }
    circular
}

fn tell_cycle(name: &Ident, way: &[&Ident], errors: &mut Errors) {
    let mut shown = name.to_string();
    for step in way {
        shown = format!("{shown} -> {step}");
    }
    errors.at(
        name,
        format!(
            "`{name}` needs itself: {shown}; if its branches never meet, write `#[lazy(cycle_ok)]`"
        ),
    );
    let from = std::iter::once(&name).chain(way);
    for (from, to) in from.zip(way) {
        errors.at(to, format!("`{from}` reads `{to}` here"));
    }
}

/// A method that changes what a property reads has to be able to clear it.
pub(crate) fn can_clear(method: &Method, clearing: &Clearing, plan: &Plan, errors: &mut Errors) {
    if plan.cleared(clearing).is_empty() {
        return;
    }
    if let Some(word) = &method.item.sig.constness {
        errors.at(
            word,
            "a `const fn` cannot clear properties: remove `const`, or write `#[lazy(keeps)]`",
        );
    } else if method.receiver == Receiver::Other {
        errors.at(
            method.item.sig.receiver(),
            "no property can be cleared through this receiver: take `&mut self`, or write `#[lazy(keeps)]`",
        );
    }
}
