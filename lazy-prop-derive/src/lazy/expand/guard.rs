//! A guard over the host, which clears possibly stale values when a method ends in any way.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{
    Attribute, FnArg, GenericParam, ImplItemFn, ItemImpl, Meta, Pat, PatType, Safety, Signature,
    parse_quote,
};

use super::self_type::spell_in;
use crate::lazy::model::home::Home;
use crate::runtime;

/// A method that holds a guard over the host while another method with the body runs. `clear` are
/// the statements that clear `__host`.
///
/// ```text
/// in:  fn push(&mut self, text: &str) { BODY }
/// out: fn push(&mut self, text: &str) {
///          let mut host = Guard::new(self, |host| { … });
///          Self::__lazy_push(&mut host, text)
///      }
///      fn __lazy_push(&mut self, text: &str) { BODY }
/// ```
pub(crate) fn guarded(
    method: ImplItemFn,
    home: &Home,
    clear: &TokenStream,
) -> (ImplItemFn, ImplItemFn) {
    let runtime = runtime::path(Span::call_site());
    let (mut outer, mut inner) = (method.clone(), method);
    let name = format_ident!(
        "__lazy{}_{}",
        home.number.to_string(),
        inner.sig.ident.unraw(),
        span = inner.sig.ident.span()
    );
    inner.sig.ident = name.clone();
    inner.vis = syn::Visibility::Inherited;
    inner.attrs.retain(is_for_body);
    inner.attrs.push(parse_quote!(#[allow(dead_code)]));
    outer.attrs.iter_mut().for_each(expect_nothing);

    let arguments = forward(&mut outer.sig);
    let (cfgs, arguments): (Vec<_>, Vec<_>) = arguments.into_iter().unzip();
    let generics = turbofish(&outer.sig);
    let this = outer.sig.receiver().map(|receiver| receiver.self_token);
    // If the signature lends more than it shows, rustc names this method in its error.
    let place = runtime::generated(name.span());
    let mut call = quote_spanned! {place=>
        Self::#name #generics(&mut __host #(, #(#cfgs)* #arguments)*)
    };
    if outer.sig.asyncness.is_some() {
        call = quote!(#call.await);
    }
    if matches!(outer.sig.safety, Safety::Unsafe(_)) {
        call = quote!(unsafe { #call });
    }
    outer.block = parse_quote!({
        let mut __host = #runtime::Guard::new(#this, |__host: &mut Self| { #clear });
        #call
    });
    (outer, inner)
}

/// The attributes that concern the body, not the method.
fn is_for_body(attr: &Attribute) -> bool {
    let of_body = [
        "cfg",
        "allow",
        "warn",
        "deny",
        "forbid",
        "expect",
        "track_caller",
    ];
    of_body.iter().any(|name| attr.path().is_ident(name))
}

/// The method that calls the body need not allow or expect the body's lints.
fn expect_nothing(attr: &mut Attribute) {
    if let (true, Meta::List(list)) = (attr.path().is_ident("expect"), &attr.meta) {
        let lints = &list.tokens;
        *attr = parse_quote!(#[allow(#lints)]);
    }
}

/// Names each argument. Gives the names with the `#[cfg]`s of each.
fn forward(sig: &mut Signature) -> Vec<(Vec<Attribute>, Ident)> {
    let arguments = sig.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    });
    let named = arguments.enumerate().map(|(number, argument)| {
        let cfgs = argument
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("cfg"))
            .cloned();
        (cfgs.collect(), name_argument(argument, number))
    });
    named.collect()
}

fn name_argument(argument: &mut PatType, number: usize) -> Ident {
    match &mut *argument.pat {
        Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => {
            name.mutability = None;
            name.ident.clone()
        }
        other => {
            let name = format_ident!("__argument{number}");
            *other = parse_quote!(#name);
            name
        }
    }
}

/// The type and const parameters of the method itself: `::<T, N>`.
fn turbofish(sig: &Signature) -> TokenStream {
    let params = sig.generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(ty) => Some(&ty.ident),
        GenericParam::Const(constant) => Some(&constant.ident),
        GenericParam::Lifetime(_) => None,
    });
    let params: Vec<_> = params.collect();
    if params.is_empty() {
        TokenStream::new()
    } else {
        quote!(::<#(#params),*>)
    }
}

/// Methods that a trait's block cannot have, in an inherent block.
pub(crate) fn block_beside(block: &ItemImpl, methods: &[ImplItemFn]) -> TokenStream {
    if methods.is_empty() {
        return TokenStream::new();
    }
    let mut beside = block.clone();
    beside.trait_ = None;
    beside.items = methods.iter().cloned().map(syn::ImplItem::Fn).collect();
    for item in &mut beside.items {
        spell_in(item, block);
    }
    beside.into_token_stream()
}
