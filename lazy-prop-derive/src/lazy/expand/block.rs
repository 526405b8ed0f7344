//! `#[lazy]` on an impl block: the home of lazy properties.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItem, ImplItemFn, ItemImpl, Member};

use crate::errors::Errors;
use crate::fallback;
use crate::lazy::analysis::follow::{self, Surroundings};
use crate::lazy::analysis::graph::{Graph, Method};
use crate::lazy::analysis::lends;
use crate::lazy::check::{flow as check_flow, signature as check};
use crate::lazy::expand::cells::{self, Cell};
use crate::lazy::expand::clear::{self, Clearing};
use crate::lazy::expand::{accessor, docs, literals};
use crate::lazy::model::home::Home;
use crate::lazy::model::mark::{Mark, take_marks};
use crate::lazy::model::options::{Options, Place};
use crate::lazy::model::receiver::Receiver;
use crate::lazy::model::returns::Returns;
use crate::lazy::syntax::{plain, text, ungrouped};

/// Expands the block; a property that breaks a rule stays a plain method beside its error.
pub(crate) fn expand(args: TokenStream, mut block: ItemImpl) -> TokenStream {
    let mut errors = Errors::default();
    let options = Options::parse(args, Place::Block, &mut errors);
    block.self_ty = Box::new(ungrouped(*block.self_ty));
    let mut marks = take_marks(&mut block, &mut errors);
    if !check::is_host(&block, &mut errors) {
        return without_cells(block, &marks, errors);
    }
    let home = Home::new(options, &block, &mut errors);
    let graph = graph(&block, &marks, &home);
    check_flow::marks(&marks, &graph, &mut errors);
    let circular = check_flow::cycles(&graph, &mut errors);
    break_async(&block, &mut marks, &circular);
    literals::complete(&mut block, &home.field);

    let items = std::mem::take(&mut block.items);
    let mut expansion = Expansion {
        block,
        home,
        graph,
        cells: Vec::new(),
        names: BTreeSet::new(),
        beside: Vec::new(),
        errors,
    };
    let items = expansion.items(items, &marks);

    let Expansion {
        mut block,
        home,
        graph,
        cells,
        beside,
        mut errors,
        ..
    } = expansion;
    if !cells.is_empty() {
        check::no_macros(&items, &mut errors);
    }
    let verify = cells::verify(&block, &home, &cells);
    let cells = cells::expand(&block, &home, &graph, &cells);
    let beside = clear::block_beside(&block, &beside);
    block.items = items;
    let errors = errors.finish();
    quote!(#block #beside #cells #verify #errors)
}

/// Async properties in a circle lose their bodies, or rustc would tell of endless futures too.
fn break_async(block: &ItemImpl, marks: &mut [Option<Mark>], circular: &[String]) {
    for (item, mark) in block.items.iter().zip(marks) {
        if let (ImplItem::Fn(method), Some(mark)) = (item, mark) {
            let sig = &method.sig;
            mark.is_broken |= sig.asyncness.is_some() && circular.contains(&plain(&sig.ident));
        }
    }
}

/// A block that can't be a home, beside the reason.
fn without_cells(mut block: ItemImpl, marks: &[Option<Mark>], errors: Errors) -> TokenStream {
    for (item, mark) in block.items.iter_mut().zip(marks) {
        if let (ImplItem::Fn(method), Some(_)) = (item, mark) {
            fallback::method(method);
        }
    }
    let errors = errors.finish();
    quote!(#block #errors)
}

/// Who reads and changes what in the block.
fn graph(block: &ItemImpl, marks: &[Option<Mark>], home: &Home) -> Graph {
    let methods = block
        .items
        .iter()
        .zip(marks)
        .filter_map(|(item, mark)| match item {
            ImplItem::Fn(method) if method.sig.receiver().is_some() => Some((method, mark)),
            _ => None,
        });
    let methods: Vec<_> = methods.collect();
    let names = methods
        .iter()
        .map(|(method, _)| plain(&method.sig.ident))
        .collect();
    let lends_host = methods
        .iter()
        .filter(|(method, _)| lends::lends_host(&method.sig, &home.host))
        .map(|(method, _)| plain(&method.sig.ident))
        .collect();
    let around = Surroundings {
        methods: &names,
        lends_host: &lends_host,
        host: &home.host,
        hidden: &home.field,
        is_trait: block.trait_.is_some(),
    };
    let methods = methods.into_iter().map(|(method, mark)| {
        let options = mark.as_ref().map(|mark| &mark.options);
        let names = |names: &[Member]| names.iter().map(text).collect();
        Method {
            name: method.sig.ident.clone(),
            receiver: Receiver::of(&method.sig),
            flow: follow::flow_of(method, &around),
            is_property: mark.as_ref().is_some_and(Mark::is_property),
            cycle_ok: options.is_some_and(|options| options.cycle_ok.is_some()),
            depends: options.and_then(|options| Some(names(&options.depends.as_ref()?.1))),
            clears: options.and_then(|options| match (&options.keeps, &options.clears) {
                (Some(_), _) => Some(Vec::new()),
                (None, clears) => Some(names(&clears.as_ref()?.1)),
            }),
        }
    });
    Graph::new(methods.collect())
}

struct Expansion {
    /// The block, without its items.
    block: ItemImpl,
    home: Home,
    graph: Graph,
    /// The cells of the properties so far.
    cells: Vec<Cell>,
    /// The names of those that are there under no `#[cfg]`.
    names: BTreeSet<String>,
    /// Methods that stand in a block of their own, for this one is a trait's.
    beside: Vec<ImplItemFn>,
    errors: Errors,
}

impl Expansion {
    /// The properties first, for what a method clears is their cells.
    fn items(&mut self, mut items: Vec<ImplItem>, marks: &[Option<Mark>]) -> Vec<ImplItem> {
        for (item, mark) in items.iter_mut().zip(marks) {
            match (item, mark) {
                (ImplItem::Fn(method), Some(mark)) if mark.is_property() => {
                    self.property(method, mark);
                }
                _ => {}
            }
        }
        let mut position = 0;
        let mut plain = |item| match item {
            ImplItem::Fn(method) if method.sig.receiver().is_some() => {
                position += 1;
                self.plain(method, position - 1)
            }
            other => vec![other],
        };
        items.into_iter().flat_map(&mut plain).collect()
    }

    /// A method that is no property clears those that it may make stale.
    fn plain(&mut self, mut method: ImplItemFn, position: usize) -> Vec<ImplItem> {
        let clears = self.graph.clears(position);
        if clears.is_empty() {
            return vec![ImplItem::Fn(method)];
        }
        let cells = self.cells.iter().enumerate();
        let cells: Vec<_> = cells
            .filter(|(_, cell)| clears.contains(&plain(&cell.name)))
            .collect();
        if cells.is_empty() {
            return vec![ImplItem::Fn(method)];
        }
        let names: Vec<_> = cells.iter().map(|(_, cell)| plain(&cell.name)).collect();
        docs::of_clearing(&mut method.attrs, &names);
        let clearing = Clearing {
            home: &self.home,
            graph: &self.graph,
            cells,
        };
        let is_trait = self.block.trait_.is_some();
        let (outer, inner) = clearing.expand(method, position, &mut self.errors);
        match inner {
            Some(inner) if is_trait => {
                self.beside.push(inner);
                vec![ImplItem::Fn(outer)]
            }
            inner => [outer].into_iter().chain(inner).map(ImplItem::Fn).collect(),
        }
    }

    /// Turns a marked method into the accessor of a property.
    fn property(&mut self, method: &mut ImplItemFn, mark: &Mark) {
        let body = match self.returns(method, mark) {
            None => None,
            Some(returns) if method.sig.receiver().is_none() => {
                docs::of_function(&mut method.attrs, &returns);
                Some(accessor::associated(
                    method,
                    &returns,
                    &self.block,
                    &self.home,
                ))
            }
            Some(returns) => {
                let looks = check_flow::looks(method, mark, &self.graph);
                let body = accessor::method(method, &returns, &looks, &self.home);
                let cell = Cell::new(method, returns);
                let cleared_by = self.graph.cleared_by(&plain(&cell.name));
                docs::of_property(&mut method.attrs, cell.returns(), cleared_by);
                self.keep(cell).then_some(body)
            }
        };
        match body {
            Some(body) => method.block = body,
            None => fallback::method(method),
        }
    }

    /// What a marked method returns, unless it breaks a rule.
    fn returns(&mut self, method: &ImplItemFn, mark: &Mark) -> Option<Returns> {
        let errors = &mut self.errors;
        let before = errors.count();
        check::signature(&method.sig, errors);
        check::static_in_block(&method.sig, &self.block, errors);
        let returns = Returns::parse(&method.sig, &mark.options, errors);
        returns.filter(|_| errors.count() == before && !mark.is_broken)
    }

    /// Adds a cell, unless there is one of its name: of two methods of one name rustc tells well,
    /// once there is one cell.
    fn keep(&mut self, cell: Cell) -> bool {
        let is_new = cell.is_conditional() || self.names.insert(plain(&cell.name));
        if is_new {
            self.cells.push(cell);
        }
        is_new
    }
}
