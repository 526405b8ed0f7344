//! `#[command]` and `options!`: chooses the expansion by the item under the attribute.

mod app;
mod arg;
mod attrs;
mod block;
mod check;
mod dictionary;
mod docs;
mod entry;
mod exclusive;
mod forms;
mod function;
mod import;
mod names;
mod param;
mod positional;
mod references;
mod settings;
#[cfg(test)]
mod tests;
mod words;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Item;

pub(crate) use dictionary::{not_in_options, run as options};
pub(crate) use function::{list as commands, one as entry};

use crate::errors::Errors;
use crate::fallback;

/// The entry: tokens in, tokens out, whatever they are.
pub(crate) fn run(args: TokenStream, item: TokenStream) -> TokenStream {
    match syn::parse2::<Item>(item.clone()) {
        Ok(Item::Fn(item)) => function::expand(args, item),
        Ok(Item::Struct(item)) => app::expand(args, item),
        Ok(Item::Impl(item)) => block::expand(args, item),
        Ok(Item::Enum(item)) if exclusive::is_asked(&args) => exclusive::expand(args, item),
        Ok(Item::Use(item)) => import::expand(args, &item),
        Ok(other) => refuse(&other, item),
        Err(error) => {
            let error = error.to_compile_error();
            let item = fallback::without(item, &["command", "arg"]);
            quote!(#item #error)
        }
    }
}

/// An item that cannot be a command, returned beside the reason.
fn refuse(item: &Item, tokens: TokenStream) -> TokenStream {
    let message = match item {
        Item::Enum(_) => {
            "an enum cannot be a command: write a function for each variant; for options of which one is given write `#[command(exclusive)]`"
        }
        Item::Mod(_) => {
            "mark the functions in the module; `#[command(group = \"...\")]` puts them into a group"
        }
        Item::Trait(_) => {
            "a trait cannot be an app: write `#[command]` on the struct and on its impl block"
        }
        _ => {
            "`#[command]` belongs on a function, or on a struct, its impl block and the methods in it"
        }
    };
    let mut errors = Errors::default();
    errors.push(syn::Error::new(Span::call_site(), message));
    let item = fallback::without(tokens, &["command", "arg"]);
    let errors = errors.finish();
    quote!(#item #errors)
}
