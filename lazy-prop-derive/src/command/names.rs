//! A name in its spellings.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use crate::runtime;

/// A parameter's or a function's name as the command line has it.
pub(super) struct Names {
    /// As in the source, without `r#`.
    pub(super) id: String,
    /// In kebab case.
    pub(super) long: String,
    /// In capitals.
    pub(super) value: String,
}

impl Names {
    pub(super) fn new(ident: &Ident) -> Self {
        let id = ident.unraw().to_string();
        let bare = id.trim_matches('_');
        Self {
            long: bare.replace('_', "-").to_lowercase(),
            value: bare.to_uppercase(),
            id,
        }
    }

    /// The character of a bare `short`.
    pub(super) fn short(&self) -> char {
        self.long.chars().next().unwrap_or('_')
    }

    /// As the runtime takes them.
    pub(super) fn tokens(&self) -> TokenStream {
        let Self { id, long, value } = self;
        let runtime = runtime::path(proc_macro2::Span::call_site());
        quote!(#runtime::command::Names { id: #id, long: #long, value: #value })
    }
}
