//! The rules, one function each. Only this stage and parsing make errors.

pub(crate) mod signature;
mod staleness;

use super::analysis::Plan;
use super::model::block::{Block, Item, Method};
use super::syntax::plain;
use crate::errors::Errors;
use crate::sorted::Set;

/// Reports each rule that a block breaks. Gives the positions of the items that break one. These
/// stay plain methods.
pub(crate) fn block(block: &Block, plan: &Plan, errors: &mut Errors) -> Set<usize> {
    if !signature::is_host(block, errors) {
        return (0..block.items.len()).collect();
    }
    let mut broken = Set::new();
    for (position, item) in block.items.iter().enumerate() {
        if let Item::Method(method) = item {
            let before = errors.count();
            check_method(method, position, block, plan, errors);
            if errors.count() > before || method.is_broken() {
                broken.insert(position);
            }
        }
    }
    staleness::outliving(&plan.graph, errors);
    let circular = staleness::cycles(&plan.graph, errors);
    broken.extend(circular_futures(block, &circular));
    broken.extend(in_place_of(block, &broken));
    if block
        .items
        .iter()
        .any(|item| item.method().is_some_and(Method::is_lazy))
    {
        signature::no_macros(block, errors);
    }
    broken
}

/// Async properties in a cycle lose their bodies, because rustc would report infinite futures too.
fn circular_futures(block: &Block, circular: &Set<String>) -> Vec<usize> {
    let items = block.items.iter().enumerate();
    let circular = items.filter(|(_, item)| {
        item.method().is_some_and(|method| {
            let sig = &method.item.sig;
            sig.asyncness.is_some() && circular.contains(&plain(&sig.ident))
        })
    });
    circular.map(|(position, _)| position).collect()
}

/// The methods after broken properties that lend their values.
fn in_place_of(block: &Block, broken: &Set<usize>) -> Vec<usize> {
    let behind = broken.iter().map(|position| position + 1);
    let in_place = behind.filter(|position| {
        let method = block.items.get(*position).and_then(Item::method);
        method.is_some_and(|method| method.in_place.is_some())
    });
    in_place.collect()
}

fn check_method(method: &Method, position: usize, block: &Block, plan: &Plan, errors: &mut Errors) {
    let before = errors.count();
    if let Some(mark) = &method.mark {
        staleness::names_properties(mark, &plan.graph, errors);
        if !mark.is_broken {
            staleness::says_what_it_changes(method, mark, errors);
        }
    }
    if block.home.is_also && method.is_lazy() {
        signature::not_in_the_home(&method.item.sig, errors);
    } else if method.is_lazy() {
        signature::signature(&method.item.sig, errors);
        signature::static_in_block(&method.item.sig, &block.header, errors);
        if let Some(mark) = &method.mark {
            signature::has_a_host_to_change(&method.item.sig, &mark.options, errors);
        }
        signature::races_in_threads(method, &block.home, errors);
        signature::not_its_host(method, block, errors);
        if errors.count() == before {
            staleness::only_reads(method, errors);
        }
    } else {
        staleness::can_clear(method, &plan.clearings[position], plan, errors);
    }
}
