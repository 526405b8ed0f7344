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

    /// The question of a bare `prompt`: `Working directory`.
    pub(super) fn question(&self) -> String {
        let words = self.long.replace('-', " ");
        let mut letters = words.chars();
        let first = letters.next().map(char::to_uppercase);
        first.into_iter().flatten().chain(letters).collect()
    }

    /// The character of a bare `short`.
    pub(super) fn short(&self) -> char {
        self.long.chars().next().unwrap_or('_')
    }
}

/// A variable of generated code, which no user code sees. The underscores keep it apart from constants, which
/// would turn it into a pattern.
pub(super) fn local(name: &str) -> Ident {
    Ident::new(&format!("__{name}"), Span::mixed_site())
}

/// The type that stands for a command's function. Its name differs from the function's, so that a module or
/// crate can have that name. rustc's error for an unknown command shows it, so it says what is missing: the
/// attribute on the function, or on the `use` that brings it.
pub(super) fn declared(function: &Ident) -> Ident {
    Ident::new(
        &format!("{}_with_command_on_fn_and_use", function.unraw()),
        function.span(),
    )
}
