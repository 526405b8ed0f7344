//! `#[lazy]` on an impl block: the home of lazy properties.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{ImplItem, ImplItemFn, ItemImpl, Member, Token, Type, WherePredicate};

use super::cells::{self, Cell};
use super::options::{Options, Place, take_markers};
use super::returns::Returns;
use super::{accessor, check, literals};
use crate::errors::Errors;
use crate::fallback;

/// The options of the block, with what they mean when they are not there.
pub(super) struct Home {
    pub(super) host: String,
    pub(super) field: Member,
    pub(super) number: TokenStream,
    pub(super) sync: bool,
    pub(super) bound: Option<Punctuated<WherePredicate, Token![,]>>,
}

impl Home {
    fn new(options: Options, block: &ItemImpl, errors: &mut Errors) -> Self {
        Self {
            host: host_name(&block.self_ty),
            field: options
                .field
                .map_or_else(|| Member::Named(format_ident!("lazy")), |(_, field)| field),
            number: options
                .home
                .map_or_else(|| quote!(0), |(_, number)| number.to_token_stream()),
            sync: options.sync.is_some(),
            bound: options
                .bound
                .and_then(|(_, text)| cells::parse_bound(&text, errors)),
        }
    }
}

fn host_name(ty: &Type) -> String {
    match ty {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|last| last.ident.unraw().to_string()),
        _ => None,
    }
    .unwrap_or_default()
}

/// Expands the block; a property that breaks a rule stays a plain method beside its error.
pub(super) fn expand(args: TokenStream, mut block: ItemImpl) -> TokenStream {
    let mut errors = Errors::default();
    let options = Options::parse(args, Place::Block, &mut errors);
    check::host(&block, &mut errors);
    let home = Home::new(options, &block, &mut errors);
    literals::complete(&mut block, &home.field);

    let generics = ItemImpl {
        items: Vec::new(),
        ..block.clone()
    };
    let mut cells = Vec::new();
    for item in &mut block.items {
        match item {
            ImplItem::Fn(method) => cells.extend(property(method, &generics, &home, &mut errors)),
            other => misplaced(other, &mut errors),
        }
    }
    let cells = cells::expand(&block, &home, &cells);
    let errors = errors.finish();
    quote!(#block #cells #errors)
}

/// Turns a marked method into the accessor of a property; gives its cell, if it has one.
fn property(
    method: &mut ImplItemFn,
    block: &ItemImpl,
    home: &Home,
    errors: &mut Errors,
) -> Option<Cell> {
    let markers = take_markers(&mut method.attrs);
    let (marker, again) = markers.split_first()?;
    for again in again {
        errors.at(again, "`#[lazy]` is said twice; keep one");
    }
    let before = errors.count();
    let options = Options::of_marker(marker, Place::Method, errors);
    check::signature(&method.sig, errors);
    let is_static = method.sig.receiver().is_none();
    if is_static {
        check::static_in_block(&method.sig, block, errors);
    }
    let returns = Returns::parse(&method.sig, &options, errors);
    let Some(returns) = returns.filter(|_| errors.count() == before) else {
        fallback::method(method);
        return None;
    };
    if is_static {
        method.block =
            accessor::associated(&method.sig, &returns, block, &home.host, &method.block);
        return None;
    }
    method.block = accessor::method(
        &method.sig,
        &returns,
        &home.host,
        &home.number,
        &method.block,
    );
    Some(Cell {
        name: method.sig.ident.clone(),
        attrs: method.attrs.clone(),
        returns,
    })
}

fn misplaced(item: &mut ImplItem, errors: &mut Errors) {
    let attrs = match item {
        ImplItem::Const(item) => &mut item.attrs,
        ImplItem::Type(item) => &mut item.attrs,
        ImplItem::Macro(item) => &mut item.attrs,
        _ => return,
    };
    for marker in take_markers(attrs) {
        errors.at(marker, "only a method or a function can be lazy");
    }
}
