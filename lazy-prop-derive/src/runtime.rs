//! The only spelling of the path to the hidden module of the runtime crate.

use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Path, Token};

/// The hidden module, `::lazy_prop::__private`, with errors in it aimed at `place`.
pub(crate) fn path(place: Span) -> Runtime {
    Runtime(generated(place))
}

/// Writes the path. Pushing tokens is free, but each stream that is put into another is a call of the
/// compiler, and most generated code begins with this path.
#[derive(Clone, Copy)]
pub(crate) struct Runtime(Span);

const MODULE: [&str; 2] = ["lazy_prop", "__private"];

impl Runtime {
    /// The path that goes on with these names.
    pub(crate) fn join<const N: usize>(self, names: [&str; N]) -> Path {
        let mut path = Path {
            leading_colon: Some(Token![::](self.0)),
            segments: Punctuated::new(),
        };
        for name in MODULE.into_iter().chain(names) {
            if !path.segments.is_empty() {
                path.segments.push_punct(Token![::](self.0));
            }
            path.segments.push_value(Ident::new(name, self.0).into());
        }
        path
    }
}

impl ToTokens for Runtime {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for name in MODULE {
            Token![::](self.0).to_tokens(tokens);
            Ident::new(name, self.0).to_tokens(tokens);
        }
    }
}

/// The span of generated code. Errors in it point at `place`, and lints ignore it.
pub(crate) fn generated(place: Span) -> Span {
    Span::call_site().located_at(place)
}
