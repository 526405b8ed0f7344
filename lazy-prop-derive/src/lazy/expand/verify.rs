//! The comparison of kept values with fresh ones, for the feature `verify`.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ItemImpl;
use syn::ext::IdentExt;

use super::cells::{Cell, cfgs};
use crate::lazy::model::home::Home;
use crate::runtime;

/// Compares each kept value with a fresh one, for the feature `verify`.
///
/// It has the block's own bounds, because it calls the block's methods. This crate's feature tells
/// that some build of the runtime may ask for it. The runtime's macro tells whether this one does.
pub(super) fn verify(block: &ItemImpl, home: &Home, cells: &[Cell]) -> TokenStream {
    if !cfg!(feature = "verify") {
        return TokenStream::new();
    }
    let runtime = runtime::path(Span::call_site());
    let (impl_generics, _, where_clause) = block.generics.split_for_impl();
    let own = &block.self_ty;
    let Home { number, field, .. } = home;
    let of_trait = block
        .trait_
        .as_ref()
        .map(|(path, _)| quote!(<Self as #path>));
    let owner = of_trait.unwrap_or_else(|| quote!(Self));
    // A test cannot await here. A value that expires is computed again anyway, and one that is
    // changed in place differs from a fresh one.
    let is_compared = |cell: &&Cell| {
        !cell.returns().is_async && !cell.returns().expires() && !cell.is_changed_in_place
    };
    let cells: Vec<_> = cells.iter().filter(is_compared).collect();
    let names = cells.iter().map(|cell| &cell.name);
    let shown = cells.iter().map(|cell| cell.name.unraw().to_string());
    let cfgs = cells.iter().map(|cell| cfgs(&cell.attrs));
    quote! {
        #runtime::if_verify! {
            #[automatically_derived]
            #[allow(deprecated, unused_must_use, unused_mut)]
            impl #impl_generics #runtime::Verify<#number> for #own #where_clause {
                fn verify(&mut self) -> #runtime::Vec<&'static #runtime::core::primitive::str> {
                    let mut __stale = #runtime::Vec::new();
                    let __kept = #runtime::core::mem::take(&mut self.#field);
                    #(#(#cfgs)* if let #runtime::core::option::Option::Some(__kept) = __kept.#names.get() {
                        use #runtime::{ByEq as _, Uncompared as _};
                        #owner::#names(self);
                        if !(&#runtime::Pair(__kept, self.#field.#names.get())).is_same() {
                            __stale.push(#shown);
                        }
                    })*
                    __stale
                }
            }
        }
    }
}
