//! `#[lazy]` on a function: one value for the whole program.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItemFn, ItemFn};

use crate::errors::Errors;
use crate::fallback;
use crate::lazy::check::signature as check;
use crate::lazy::expand::{accessor, docs};
use crate::lazy::model::options::{Options, Place};
use crate::lazy::model::returns::Returns;

/// Expands the function. One that breaks a rule stays a plain function beside its error.
pub(crate) fn expand(args: TokenStream, item: ItemFn) -> TokenStream {
    let ItemFn {
        attrs,
        vis,
        modifiers,
        sig,
        block,
    } = item;
    let mut function = ImplItemFn {
        attrs,
        vis,
        modifiers,
        sig,
        block: *block,
    };
    let mut errors = Errors::default();
    let options = Options::parse(args, Place::Function, &mut errors);
    if let Some(receiver) = function.sig.receiver() {
        errors.at(
            receiver,
            "a lazy method needs `#[lazy]` on its impl block too",
        );
    } else {
        check::signature(&function.sig, &mut errors);
        check::has_a_host_to_change(&function.sig, &options, &mut errors);
    }
    let returns = match errors.count() {
        0 => Returns::parse(&function.sig, &options, &mut errors),
        _ => None,
    };
    match returns {
        Some(returns) => {
            function.block = accessor::function(&function, &returns);
            docs::of_function(&mut function.attrs, &returns);
        }
        None => fallback::method(&mut function),
    }
    let errors = errors.finish();
    quote!(#function #errors)
}
