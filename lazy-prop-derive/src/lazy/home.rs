//! What the options of `#[lazy(...)]` on an impl block mean, those that are not there included.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{ItemImpl, Member, Token, Type, WherePredicate};

use super::options::Options;
use crate::errors::Errors;

/// The home of lazy properties: whose they are, and where their cells are kept.
pub(super) struct Home {
    /// The host's name, as panics say it.
    pub(super) host: String,
    /// The hidden field.
    pub(super) field: Member,
    pub(super) number: TokenStream,
    /// Whether threads share it.
    pub(super) sync: bool,
    /// Instead of the block's bounds.
    pub(super) bound: Option<Punctuated<WherePredicate, Token![,]>>,
}

impl Home {
    pub(super) fn new(options: Options, block: &ItemImpl, errors: &mut Errors) -> Self {
        let field = options.field.map(|(_, field)| field);
        let number = options.home.map(|(_, number)| number.to_token_stream());
        let bound = options
            .bound
            .map(|(_, text)| text.parse_with(Punctuated::parse_terminated));
        Self {
            host: last_name(&block.self_ty),
            field: field.unwrap_or_else(|| Member::Named(format_ident!("lazy"))),
            number: number.unwrap_or_else(|| quote!(0)),
            sync: options.sync.is_some(),
            bound: bound.and_then(|parsed| errors.take(parsed)),
        }
    }
}

fn last_name(ty: &Type) -> String {
    let Type::Path(path) = ty else {
        return String::new();
    };
    let last = path.path.segments.last();
    last.map(|last| last.ident.unraw().to_string())
        .unwrap_or_default()
}
