//! An impl block, its cells, and the items beside it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{FnArg, ImplItem, ImplItemFn, ItemImpl, ReceiverKind, Stmt, parse_quote};

use super::cells::{self, Cell};
use super::clears::{Cause, Insert, clear_all};
use super::targets::Targets;
use super::{accessor, docs, guard, literals, verify};
use crate::fallback;
use crate::lazy::analysis::graph::Target;
use crate::lazy::analysis::verdict::{Clearing, Verdict, can_be_guarded};
use crate::lazy::analysis::{Plan, changes};
use crate::lazy::model::block::{Block, Item, Method};
use crate::lazy::model::home::Home;
use crate::lazy::syntax::{plain, text};
use crate::sorted::Set;

/// The compiled block. The items at the `broken` positions stay plain methods.
pub(crate) fn expand(mut block: Block, plan: &Plan, broken: &Set<usize>) -> TokenStream {
    let is_home = block.is_of_a_type() && !block.home.is_also;
    let is_block = block.is_of_a_type();
    literals::complete(&mut block);
    let Block {
        mut header,
        home,
        items,
    } = block;
    let targets = Targets::new(plan, &home);
    let mut expansion = Expansion {
        header: &header,
        home: &home,
        plan,
        targets: &targets,
        cells: Vec::new(),
        names: Set::new(),
        beside: Vec::new(),
    };
    let mut expanded = Vec::new();
    for (position, item) in items.into_iter().enumerate() {
        match item {
            Item::Method(method) => {
                let is_broken = broken.contains(&position);
                expanded.extend(expansion.method(*method, &plan.clearings[position], is_broken));
            }
            Item::Other(item) => expanded.push(*item),
        }
    }
    let Expansion { cells, beside, .. } = expansion;
    let mut expansion = TokenStream::new();
    if is_block {
        expansion.extend(guard::block_beside(&header, &beside));
    }
    if is_home {
        expansion.extend(cells::expand(&header, &home, plan, &targets, &cells));
        expansion.extend(verify::verify(&header, &home, &cells));
    }
    header.items = expanded;
    quote!(#header #expansion)
}

struct Expansion<'e> {
    /// The block, without its items.
    header: &'e ItemImpl,
    home: &'e Home,
    plan: &'e Plan,
    targets: &'e Targets,
    /// The cells of the properties so far.
    cells: Vec<Cell>,
    /// The names of the cells without a `#[cfg]`.
    names: Set<String>,
    /// Methods that need an inherent block, because this block is a trait's.
    beside: Vec<ImplItemFn>,
}

impl Expansion<'_> {
    fn method(
        &mut self,
        mut method: Method,
        clearing: &Clearing,
        is_broken: bool,
    ) -> Vec<ImplItem> {
        let cleared = self.plan.cleared(clearing);
        if !cleared.is_empty() {
            let cleared = self.plan.graph.in_order(&cleared);
            docs::of_clearing(&mut method.item.attrs, &cleared);
        }
        let methods = match clearing {
            _ if method.is_lazy() => vec![self.property(method, is_broken)],
            _ if is_broken && method.in_place.is_some() => {
                fallback::method(&mut method.item);
                vec![method.item]
            }
            _ if is_broken => vec![method.item],
            Clearing::Nothing => vec![method.item],
            Clearing::Listed(properties) => vec![self.clears_listed(method.item, properties)],
            Clearing::AtChanges(verdict) => self.clears_changed(method, verdict),
        };
        methods.into_iter().map(ImplItem::Fn).collect()
    }

    /// Turns a marked method into the accessor of a property.
    fn property(&mut self, method: Method, is_broken: bool) -> ImplItemFn {
        let Method {
            mut item,
            mark,
            returns,
            ..
        } = method;
        let body = match returns {
            Some(_) | None if is_broken => None,
            None => None,
            Some(returns) if item.sig.receiver().is_none() => {
                docs::of_function(&mut item.attrs, &returns);
                let body = accessor::associated(&item, &returns, self.header, self.home);
                Some(body)
            }
            Some(returns) => {
                let options = mark.map(|mark| mark.options).unwrap_or_default();
                let listed = options.depends.into_iter();
                let fields = listed.flat_map(|(_, names)| names);
                let fields = fields.filter(|name| !self.plan.graph.has_reader(&text(name)));
                let body = accessor::method(&item, &returns, fields, self.home);
                let cell = Cell::new(&item, returns, options.in_place.is_some());
                let cleared_by = self.plan.cleared_by(&cell.name);
                docs::of_property(&mut item.attrs, cell.returns(), cleared_by);
                self.keep(cell).then_some(body)
            }
        };
        match body {
            Some(body) => item.block = body,
            None => fallback::method(&mut item),
        }
        item
    }

    /// Adds a cell, unless there is one with its name. If there is one cell, rustc reports two
    /// methods with one name well.
    fn keep(&mut self, cell: Cell) -> bool {
        let is_new = cell.is_conditional() || self.names.insert(plain(&cell.name));
        if is_new {
            self.cells.push(cell);
        }
        is_new
    }

    /// A method that clears at its beginning, as its mark says.
    fn clears_listed(&self, mut method: ImplItemFn, listed: &Set<String>) -> ImplItemFn {
        let target = Target::Listed(listed.clone());
        self.clear_on_entry(&mut method, [&target]);
        method
    }

    /// A method that clears where it changes something, and at its end if something may be stale
    /// then.
    fn clears_changed(&mut self, mut method: Method, verdict: &Verdict) -> Vec<ImplItemFn> {
        let is_guarded = can_be_guarded(&method) && !verdict.on_exit.is_empty();
        let mut insert = Insert {
            home: self.home,
            targets: self.targets,
            cause: Cause::new(&method.item.sig.ident),
            loans: &verdict.loans,
        };
        changes::follow(&mut method, &self.plan.facts, &self.plan.graph, &mut insert);
        let_change(&mut method.item);
        if !is_guarded {
            self.clear_on_entry(&mut method.item, &verdict.on_entry);
            return vec![method.item];
        }
        let host = quote!(__host);
        let clear = clear_all(
            self.home,
            self.targets,
            &host,
            &insert.cause,
            &verdict.on_exit,
        );
        let (outer, inner) = guard::guarded(method.item, self.home, &clear);
        if self.header.trait_.is_some() {
            self.beside.push(inner);
            return vec![outer];
        }
        vec![outer, inner]
    }

    fn clear_on_entry<'t>(
        &self,
        method: &mut ImplItemFn,
        targets: impl IntoIterator<Item = &'t Target>,
    ) {
        let Some(this) = method.sig.receiver().map(|this| this.self_token) else {
            return;
        };
        let cause = Cause::new(&method.sig.ident);
        let clear = clear_all(self.home, self.targets, &quote!(#this), &cause, targets);
        if clear.is_empty() {
            return;
        }
        let_change(method);
        let clear = Stmt::Expr(syn::Expr::Verbatim(clear), None);
        method.block.stmts.insert(0, clear);
    }
}

/// Makes `self` `mut`, if the method owns it, so that its kept values can be cleared.
fn let_change(method: &mut ImplItemFn) {
    if let Some(FnArg::Receiver(this)) = method.sig.inputs.first_mut() {
        if matches!(this.kind, ReceiverKind::Value) {
            this.mutability = Some(parse_quote!(mut));
        }
    }
}
