//! `#[command]` on a function.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{ItemFn, Path, Token};

use super::attrs::cfgs;
use super::entry::Command;
use super::names::declared;
use super::settings::{Place, Settings};
use super::{check, words};
use crate::errors::Errors;
use crate::runtime;

/// Keeps the function, and declares the command beside it.
///
/// ```text
/// in:  fn add(service: String) { … }
/// out: fn add(service: String) { … }
///      enum add_with_command_on_fn_and_use {}
///      impl Declared for add_with_command_on_fn_and_use { const PATH: &str = "add"; fn call(…) { … } }
///      submit!(Entry::of::<add_with_command_on_fn_and_use, ()>())
/// ```
pub(super) fn expand(args: TokenStream, mut item: ItemFn) -> TokenStream {
    let mut errors = Errors::default();
    let said = words::parse(args, &mut errors);
    let settings = Settings::new(&said, Place::Command, &mut errors);
    check::no_receiver(&item.sig, &mut errors);
    let is_method = item.sig.receiver().is_some();
    let command = Command::new(settings, &item.attrs, &mut item.sig, &mut errors);
    if is_method {
        let errors = errors.finish();
        return quote!(#item #errors);
    }
    item.attrs.push(Command::allowed());
    let name = &item.sig.ident;
    let members = if errors.count() == 0 {
        command.declared(Some(&quote!(#name)))
    } else {
        command.broken().declared(None)
    };
    let declared = declare(&item, &members);
    let errors = errors.finish();
    quote!(#item #declared #errors)
}

fn declare(item: &ItemFn, members: &TokenStream) -> TokenStream {
    let (name, vis) = (declared(&item.sig.ident), &item.vis);
    let runtime = runtime::path(Span::call_site());
    let docs = format!("The command of the function `{}`.", item.sig.ident);
    let cfgs = cfgs(&item.attrs);
    quote! {
        #(#cfgs)*
        #[doc = #docs]
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code, unreachable_pub)]
        #vis enum #name {}
        #(#cfgs)*
        const _: () = {
            #[automatically_derived]
            #[allow(deprecated, non_snake_case)]
            impl #runtime::command::Declared for #name {
                #members
            }
            #runtime::submit!(#runtime::command::Entry::of::<#name, ()>());
        };
    }
}

/// `commands![add, tools::list]`: the list of their entries.
pub(crate) fn list(input: TokenStream) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    match Punctuated::<Path, Token![,]>::parse_terminated.parse2(input) {
        Ok(functions) => {
            let entries = functions.into_iter().map(entry_of);
            quote!(#runtime::command::Commands::new(const { &[#(#entries),*] }))
        }
        Err(error) => error.to_compile_error(),
    }
}

/// `add`: its entry.
pub(crate) fn one(input: TokenStream) -> TokenStream {
    syn::parse2(input).map_or_else(|error| error.to_compile_error(), entry_of)
}

fn entry_of(mut function: Path) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    if let Some(last) = function.segments.last_mut() {
        last.ident = declared(&last.ident);
    }
    quote!(const { &#runtime::command::Entry::of::<#function, ()>() })
}
