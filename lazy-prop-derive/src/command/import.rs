//! `#[command]` on a `use`: it brings the commands with their functions.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{ItemUse, UseTree};

use super::names::declared;
use crate::errors::Errors;

/// Imports the declaration of each function beside it.
///
/// ```text
/// in:  use tools::{list, add as more};
/// out: use tools::{list, add as more};
///      use tools::{list_with_command_on_fn_and_use, add_with_command_on_fn_and_use as more_with_command_on_fn_and_use};
/// ```
pub(super) fn expand(args: TokenStream, item: &ItemUse) -> TokenStream {
    let mut errors = Errors::default();
    if !args.is_empty() {
        errors.at(args, "the name of a command belongs on its function");
    }
    let mut commands = item.clone();
    let found = rename(&mut commands.tree);
    if !found {
        errors.push(syn::Error::new(
            Span::call_site(),
            "`use` with `*` brings the commands too: remove `#[command]`",
        ));
    }
    let commands = found.then(|| commands.into_token_stream());
    let errors = errors.finish();
    quote!(#item #commands #errors)
}

/// Replaces each function by its declaration. Returns whether there is one.
fn rename(tree: &mut UseTree) -> bool {
    match tree {
        UseTree::Path(path) => rename(&mut path.tree),
        UseTree::Name(name) => {
            name.ident = declared(&name.ident);
            true
        }
        UseTree::Rename(rename) => {
            rename.rename = declared(&rename.rename);
            rename.ident = declared(&rename.ident);
            true
        }
        UseTree::Group(group) => {
            let found = group.items.iter_mut().map(rename);
            found.fold(false, |any, one| any | one)
        }
        UseTree::Glob(_) => false,
    }
}
