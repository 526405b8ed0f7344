//! The rules for what a block's methods read and change, one function each.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{ImplItemFn, Member};

use crate::errors::{Errors, nearest};
use crate::lazy::analysis::graph::{Graph, Method};
use crate::lazy::model::mark::Mark;
use crate::lazy::syntax::{plain, text};

/// `keeps` and `clears(…)` stand on methods that change the host, and name properties.
pub(crate) fn marks(marks: &[Option<Mark>], graph: &Graph, errors: &mut Errors) {
    for mark in marks.iter().flatten() {
        let Some((_, names)) = &mark.options.clears else {
            continue;
        };
        for name in names {
            if !graph.is_property(&text(name)) {
                errors.at(name, unknown(name, graph));
            }
        }
    }
}

fn unknown(name: &Member, graph: &Graph) -> String {
    let text = text(name);
    let properties: Vec<String> = graph
        .methods()
        .iter()
        .filter(|m| m.is_property)
        .map(|m| plain(&m.name))
        .collect();
    let known: Vec<&str> = properties.iter().map(String::as_str).collect();
    match nearest(&text, &known) {
        Some(near) => {
            format!("no property of this block is named `{text}`; did you mean `{near}`?")
        }
        None => format!("no property of this block is named `{text}`"),
    }
}

/// A property that needs itself has no value, unless its ways never meet; gives the names of those
/// that do.
pub(crate) fn cycles(graph: &Graph, errors: &mut Errors) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for method in graph.methods().iter().filter(|method| method.is_property) {
        let name = plain(&method.name);
        if method.cycle_ok || told.contains(&name) {
            continue;
        }
        if let Some(way) = graph.cycle(&name) {
            told.extend(way.iter().map(plain));
            tell_cycle(method, &way, errors);
        }
    }
    told
}

fn tell_cycle(method: &Method, way: &[Ident], errors: &mut Errors) {
    let name = &method.name;
    let mut shown = name.to_string();
    for step in way {
        shown = format!("{shown} -> {step}");
    }
    errors.at(
        name,
        format!(
            "`{name}` needs itself: {shown}; if its branches never meet, say `#[lazy(cycle_ok)]`"
        ),
    );
    let from = std::iter::once(name).chain(way);
    for (from, to) in from.zip(way) {
        errors.at(to, format!("`{from}` reads `{to}` here"));
    }
}

/// A look at each field that `depends(…)` names, so that rustc tells of one that isn't there.
pub(crate) fn looks(method: &ImplItemFn, mark: &Mark, graph: &Graph) -> TokenStream {
    let this = method.sig.receiver().map(|receiver| &receiver.self_token);
    let names = mark.options.depends.iter().flat_map(|(_, names)| names);
    names
        .filter(|name| !graph.has_method(&text(name)))
        .map(|name| quote!(let _ = &#this.#name;))
        .collect()
}
