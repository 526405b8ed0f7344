//! The meaning of the options of `#[lazy(...)]` on an impl block, with their defaults.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{ItemImpl, Member, Token, WherePredicate};

use crate::errors::Errors;
use crate::lazy::model::options::Options;
use crate::lazy::syntax::{last_name, plain};

/// The home of lazy properties: their host, and the place of their cells.
pub(crate) struct Home {
    /// The host's name, for panics.
    pub(crate) host: String,
    /// The hidden field.
    pub(crate) field: Member,
    pub(crate) number: TokenStream,
    /// Whether this is a further block of a host, which has its home elsewhere.
    pub(crate) is_also: bool,
    /// Whether threads share the host.
    pub(crate) sync: bool,
    /// Whether kept types can name a lifetime of the host.
    pub(crate) has_lifetimes: bool,
    /// The bounds that replace those of the block.
    pub(crate) bound: Option<Punctuated<WherePredicate, Token![,]>>,
}

impl Home {
    pub(crate) fn new(options: Options, block: &ItemImpl, errors: &mut Errors) -> Self {
        let field = options.field.map(|(_, field)| field);
        let number = options.home.map(|(_, number)| number.to_token_stream());
        let bound = options
            .bound
            .map(|(_, text)| text.parse_with(Punctuated::parse_terminated));
        Self {
            host: last_name(&block.self_ty).map(plain).unwrap_or_default(),
            field: field.unwrap_or_else(|| Member::Named(format_ident!("lazy"))),
            number: number.unwrap_or_else(|| quote!(0)),
            is_also: options.also.is_some(),
            sync: options.sync.is_some(),
            has_lifetimes: block.generics.lifetimes().next().is_some(),
            bound: bound.and_then(|parsed| errors.take(parsed)),
        }
    }
}
