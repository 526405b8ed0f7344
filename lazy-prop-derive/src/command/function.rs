//! `#[command]` on a function.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ItemFn;
use syn::ext::IdentExt;

use super::entry::Command;
use super::settings::{Place, Settings};
use super::{cfgs, check, words};
use crate::errors::Errors;
use crate::runtime;

/// Leaves the function what it was, and declares it beside.
///
/// ```text
/// in:  fn add(service: String) { … }
/// out: fn add(service: String) { … }
///      enum add {}                   // of another namespace; `use` brings both
///      impl Declared for add { const ENTRY: Entry = …; }
///      submit!(<add as Declared>::ENTRY)
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
    let entry = if errors.count() == 0 {
        command.entry(Some(&quote!(#name)))
    } else {
        command.broken().entry(None)
    };
    let declared = declare(&item, &entry);
    let errors = errors.finish();
    quote!(#item #declared #errors)
}

fn declare(item: &ItemFn, entry: &TokenStream) -> TokenStream {
    let (name, vis) = (&item.sig.ident, &item.vis);
    let runtime = runtime::path(proc_macro2::Span::call_site());
    let module = format_ident!(
        "__command_{}",
        name.unraw(),
        span = proc_macro2::Span::call_site()
    );
    let docs = format!("The command of the function `{name}`, as a type.");
    let cfgs = cfgs(&item.attrs);
    // The type comes through a glob, so a module of the same name beside the function wins over it.
    quote! {
        #(#cfgs)*
        #[doc(hidden)]
        #[allow(non_camel_case_types, clippy::module_inception)]
        mod #module {
            #[doc = #docs]
            pub enum #name {}
        }
        #(#cfgs)*
        #[doc(hidden)]
        #[allow(unused_imports, unreachable_pub, hidden_glob_reexports)]
        #vis use #module::*;
        #(#cfgs)*
        const _: () = {
            #[automatically_derived]
            #[allow(deprecated)]
            impl #runtime::command::Declared for #module::#name {
                const ENTRY: #runtime::command::Entry = #entry;
            }
            #runtime::submit!(<#module::#name as #runtime::command::Declared>::ENTRY);
        };
    }
}
