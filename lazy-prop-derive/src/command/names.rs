//! A name in its spellings, and the names in generated code.

use proc_macro2::{Ident, Span};
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

/// A variable of generated code, which no user code sees. A constant of its name would turn it
/// into a pattern, hence the underscores.
pub(super) fn local(name: &str) -> Ident {
    Ident::new(&format!("__{name}"), Span::mixed_site())
}

/// The type that stands for a command's function. It has a name of its own, so that the function
/// can be imported beside a module, or used beside a crate, of the function's name; and it is one
/// that reads well in rustc's words, where there is no such command.
pub(super) fn declared(function: &Ident) -> Ident {
    Ident::new(
        &format!("the_command_{}", function.unraw()),
        function.span(),
    )
}
