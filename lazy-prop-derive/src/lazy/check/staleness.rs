//! The rules for the reads and changes of a block's methods, one function each.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Expr, Member};

use crate::errors::{Errors, nearest};
use crate::lazy::analysis::Plan;
use crate::lazy::analysis::graph::{Graph, Target};
use crate::lazy::analysis::verdict::Clearing;
use crate::lazy::model::block::Method;
use crate::lazy::model::mark::Mark;
use crate::lazy::model::receiver::Receiver;
use crate::lazy::syntax::{is_compound, is_in_self, plain, text};
use crate::sorted::Set;
use crate::walk::{Part, Read};

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
    let is_field = !graph.stale_by(&Target::Field(text.clone())).is_empty();
    match nearest(&text, &known) {
        Some(near) if !is_field => {
            format!("no property of this block is named `{text}`; did you mean `{near}`?")
        }
        _ => format!(
            "no property of this block is named `{text}`: `clears` names properties, and changes of fields are seen by themselves"
        ),
    }
}

/// `keeps` and `clears(…)` belong on methods that can change the host.
pub(crate) fn says_what_it_changes(method: &Method, mark: &Mark, errors: &mut Errors) {
    if method.receiver.can_change() {
        return;
    }
    if let Some(key) = &mark.options.keeps {
        errors.at(
            key,
            "`keeps` belongs on a method that can change its host, and this one cannot: remove it",
        );
    }
    if let Some((key, _)) = &mark.options.clears {
        errors.at(
            key,
            "nothing can be cleared without `&mut self`: take that, or remove `clears`",
        );
    }
}

/// A property that assigns to its host needs another method, because with `&mut self` it is not a
/// property.
pub(crate) fn only_reads(method: &Method, errors: &mut Errors) {
    if method.receiver != Receiver::Shared {
        return;
    }
    let mut find = FindAssigned(None);
    find.read(Part::Block(&method.item.block));
    if let Some(place) = find.0 {
        errors.at(
            place,
            "a lazy property only reads its host: change this in a plain method that takes `&mut self`",
        );
    }
}

/// Looks for the first place in `self` that is assigned.
struct FindAssigned(Option<TokenStream>);

impl Read for FindAssigned {
    fn read(&mut self, part: Part<'_>) {
        match part {
            // In an item, `self` is another value.
            Part::Item(_) => {}
            _ if self.0.is_some() => {}
            Part::Expr(expr) => match assigned(expr).filter(|place| is_in_self(place)) {
                Some(place) => self.0 = Some(place.to_token_stream()),
                None => Part::Expr(expr).inside(self),
            },
            other => other.inside(self),
        }
    }
}

/// The left side of `=` and `+=`.
fn assigned(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Assign(assign) => Some(&assign.left),
        Expr::Binary(binary) if is_compound(&binary.op) => Some(&binary.left),
        _ => None,
    }
}

/// A value computed from one that expires is stale after that one has expired.
pub(crate) fn outliving(graph: &Graph, errors: &mut Errors) {
    for (name, read) in graph.outliving() {
        errors.at(
            name,
            format!("`{name}` would keep what it makes of `{read}` when that has expired: give it a `ttl` too, or make it a plain method"),
        );
    }
}

/// A property that needs itself has no value, unless its paths never meet. Gives the names of the
/// cyclic ones.
pub(crate) fn cycles(graph: &Graph, errors: &mut Errors) -> Set<String> {
    let mut circular = Set::new();
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

/// A method that changes an input of a property must be able to clear the property.
pub(crate) fn can_clear(method: &Method, clearing: &Clearing, plan: &Plan, errors: &mut Errors) {
    if plan.cleared(clearing).is_empty() {
        return;
    }
    if let Some(word) = &method.item.sig.constness {
        errors.at(word, "a `const fn` cannot clear properties: remove `const`");
    } else if method.receiver == Receiver::Other {
        errors.at(
            method.item.sig.receiver(),
            "no property can be cleared through this receiver: take `&mut self`, or, if it changes nothing that properties read, write `#[lazy(keeps)]`",
        );
    }
}
