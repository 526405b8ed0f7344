//! A name in its spellings.

use proc_macro2::Ident;
use syn::ext::IdentExt;

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
}
