//! `#[lazy]`: one word for four places. This module finds out which one it is on.

mod analysis;
mod check;
mod expand;
mod model;
mod syntax;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Item, ItemImpl};

use crate::errors::Errors;
use crate::fallback;
use model::block::Block;
use model::half_typed;

/// The entry: tokens in, tokens out, whatever they are.
pub(crate) fn run(args: TokenStream, item: TokenStream) -> TokenStream {
    if let Ok(parsed) = syn::parse2(item.clone()) {
        return expand(args, parsed, item);
    }
    let (mended, bodies) = half_typed::set_aside(item.clone());
    match syn::parse2(mended.clone()) {
        Ok(parsed) => half_typed::put_back(expand(args, parsed, mended), &bodies),
        Err(error) => {
            let error = error.to_compile_error();
            let item = fallback::without_markers(item);
            quote!(#item #error)
        }
    }
}

fn expand(args: TokenStream, item: Item, tokens: TokenStream) -> TokenStream {
    match item {
        Item::Struct(item) => expand::host::expand(args, item),
        Item::Impl(item) => block(args, item),
        Item::Fn(item) => expand::function::expand(args, item),
        other => refuse(&other, tokens),
    }
}

/// An impl block: parse, analyse, check, expand.
fn block(args: TokenStream, item: ItemImpl) -> TokenStream {
    let mut errors = Errors::default();
    let mut block = Block::parse(args, item, &mut errors);
    let plan = analysis::analyse(&mut block);
    let broken = check::block(&block, &plan, &mut errors);
    let block = expand::block::expand(block, &plan, &broken);
    let errors = errors.finish();
    quote!(#block #errors)
}

/// An item that cannot have lazy properties, given back beside the reason.
fn refuse(item: &Item, tokens: TokenStream) -> TokenStream {
    let message = match item {
        Item::Enum(_) => {
            "an enum has no field for kept values: put it into a struct, `#[lazy] struct Host { kind: Kind }`"
        }
        Item::Union(_) => "a union has no field for kept values: use a struct",
        Item::Trait(_) => {
            "a trait has no field for kept values: write `#[lazy]` on the impl block of a struct, `#[lazy] impl Shape for Square`"
        }
        Item::Mod(_) => {
            "a module cannot be lazy: mark the struct, the impl block and the methods in it"
        }
        _ => "`#[lazy]` belongs on a struct, an impl block, a method with a body, or a function",
    };
    let mut errors = Errors::default();
    // The attribute itself is underlined, because it has to go.
    errors.push(syn::Error::new(Span::call_site(), message));
    let item = fallback::without_markers(tokens);
    let errors = errors.finish();
    quote!(#item #errors)
}
