//! `#[lazy]` on an impl block: the home of lazy properties.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, ImplItem, ImplItemConst, ImplItemFn, ImplItemMacro, ImplItemType, ItemImpl};

use super::cells::{self, Cell};
use super::home::Home;
use super::options::{Options, Place, take_markers};
use super::returns::Returns;
use super::{accessor, check, literals};
use crate::errors::Errors;
use crate::fallback;

/// Expands the block; a property that breaks a rule stays a plain method beside its error.
pub(super) fn expand(args: TokenStream, mut block: ItemImpl) -> TokenStream {
    let mut errors = Errors::default();
    let options = Options::parse(args, Place::Block, &mut errors);
    if !check::is_host(&block, &mut errors) {
        return without_cells(block, errors);
    }
    let home = Home::new(options, &block, &mut errors);
    literals::complete(&mut block, &home.field);

    let items = std::mem::take(&mut block.items);
    let mut expansion = Expansion {
        block,
        home,
        cells: Vec::new(),
        errors,
    };
    let items: Vec<_> = items.into_iter().map(|item| expansion.item(item)).collect();

    let Expansion {
        mut block,
        home,
        cells,
        errors,
    } = expansion;
    let cells = cells::expand(&block, &home, &cells);
    block.items = items;
    let errors = errors.finish();
    quote!(#block #cells #errors)
}

/// A block that can't be a home, beside the reason.
fn without_cells(mut block: ItemImpl, errors: Errors) -> TokenStream {
    for item in &mut block.items {
        if let ImplItem::Fn(method) = item {
            if !take_markers(&mut method.attrs).is_empty() {
                fallback::method(method);
            }
        }
    }
    let errors = errors.finish();
    quote!(#block #errors)
}

struct Expansion {
    /// The block, without its items.
    block: ItemImpl,
    home: Home,
    /// The cells of the properties so far.
    cells: Vec<Cell>,
    errors: Errors,
}

impl Expansion {
    fn item(&mut self, mut item: ImplItem) -> ImplItem {
        match &mut item {
            ImplItem::Fn(method) => self.method(method),
            ImplItem::Const(ImplItemConst { attrs, .. })
            | ImplItem::Type(ImplItemType { attrs, .. })
            | ImplItem::Macro(ImplItemMacro { attrs, .. }) => self.misplaced(attrs),
            _ => {}
        }
        item
    }

    /// Turns a marked method into the accessor of a property.
    fn method(&mut self, method: &mut ImplItemFn) {
        let markers = take_markers(&mut method.attrs);
        if markers.is_empty() {
            return;
        }
        let body = match self.returns(&markers, method) {
            None => None,
            Some(returns) if method.sig.receiver().is_none() => Some(accessor::associated(
                method,
                &returns,
                &self.block,
                &self.home,
            )),
            Some(returns) => {
                let body = accessor::method(method, &returns, &self.home);
                self.keep(Cell::new(method, returns)).then_some(body)
            }
        };
        match body {
            Some(body) => method.block = body,
            None => fallback::method(method),
        }
    }

    /// What a marked method returns, unless it breaks a rule.
    fn returns(&mut self, markers: &[Attribute], method: &ImplItemFn) -> Option<Returns> {
        let errors = &mut self.errors;
        let before = errors.count();
        for again in &markers[1..] {
            errors.at(again, "`#[lazy]` is said twice; keep one");
        }
        let options = Options::of_marker(&markers[0], Place::Method, errors);
        check::signature(&method.sig, errors);
        check::static_in_block(&method.sig, &self.block, errors);
        let returns = Returns::parse(&method.sig, &options, errors);
        returns.filter(|_| errors.count() == before)
    }

    /// Adds a cell, unless there is one of its name: of two methods of one name rustc tells well,
    /// once there is one cell.
    fn keep(&mut self, cell: Cell) -> bool {
        let is_new = self.cells.iter().all(|other| !other.clashes_with(&cell));
        if is_new {
            self.cells.push(cell);
        }
        is_new
    }

    fn misplaced(&mut self, attrs: &mut Vec<Attribute>) {
        for marker in take_markers(attrs) {
            self.errors
                .at(marker, "only a method or a function can be lazy");
        }
    }
}
