//! `#[command]` and its dictionary `options!`: here they are told what they stand on.

mod app;
mod arg;
mod block;
mod check;
mod dictionary;
mod docs;
mod entry;
mod function;
mod names;
mod param;
mod positional;
mod settings;
#[cfg(test)]
mod tests;
mod words;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Attribute, Item, Path};

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
        Ok(other) => refuse(&other, item),
        Err(error) => {
            let error = error.to_compile_error();
            let item = fallback::without(item, &["command", "arg"]);
            quote!(#item #error)
        }
    }
}

/// An item that can't be a command, given back beside the reason.
fn refuse(item: &Item, tokens: TokenStream) -> TokenStream {
    let message = match item {
        Item::Enum(_) => {
            "an enum is no command: write one function with `#[command]` for each variant"
        }
        Item::Mod(_) => {
            "mark the functions inside of the module; `#[command(group = \"...\")]` makes a group of them"
        }
        Item::Trait(_) => "a trait is no app: put `#[command]` on the struct and on its impl block",
        _ => {
            "`#[command]` stands on a function, or on a struct, its impl block, and the methods in it"
        }
    };
    let mut errors = Errors::default();
    errors.push(syn::Error::new(Span::call_site(), message));
    let item = fallback::without(tokens, &["command", "arg"]);
    let errors = errors.finish();
    quote!(#item #errors)
}

/// `word`, `lazy_prop::word` or `::lazy_prop::word`.
fn is(path: &Path, word: &str) -> bool {
    let words: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [one] => one == word && path.leading_colon.is_none(),
        [krate, one] => krate == "lazy_prop" && one == word,
        _ => false,
    }
}

/// Takes the attributes of the name `word` out of `attrs`.
fn take(attrs: &mut Vec<Attribute>, word: &str) -> Vec<Attribute> {
    let (taken, others) = attrs.drain(..).partition(|attr| is(attr.path(), word));
    *attrs = others;
    taken
}

/// A variable of generated code, which no user code sees. A constant of its name would turn it
/// into a pattern, hence the underscores.
fn local(name: &str) -> Ident {
    Ident::new(&format!("__{name}"), Span::mixed_site())
}

/// The `#[cfg]`s of an item, for what is generated beside it.
fn cfgs(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .cloned()
        .collect()
}

/// The type that stands for a command's function. It has a name of its own, so that the function
/// can be imported beside a module, or used beside a crate, of the function's name.
fn declared(function: &Ident) -> Ident {
    Ident::new(&format!("__command_{}", function.unraw()), function.span())
}
