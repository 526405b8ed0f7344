//! `#[lazy(mut)]`: the method that lends a property's value to be changed in place.
//!
//! It is added before the bodies are read, so the analysis treats it like every other method.
//!
//! ```text
//! in:  #[lazy(mut)] fn words(&self) -> &[Word] { … }
//! out: fn words_mut(&mut self) -> &mut Vec<Word> {
//!          let _ = Self::words(self);
//!          in_place(self.lazy.words.get_mut())
//!      }
//! ```

use proc_macro2::{Ident, Span};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Attribute, Block, Expr, ImplItemFn, ItemImpl, Stmt, parse_quote};

use super::block::{Item, Method};
use super::home::Home;
use super::receiver::Receiver;
use super::returns::Returns;
use crate::errors::Errors;
use crate::lazy::syntax::{own_lifetime, plain};
use crate::runtime;

/// Adds a method after each property that has `mut`.
pub(super) fn add(items: &mut Vec<Item>, header: &ItemImpl, home: &Home, errors: &mut Errors) {
    for position in (0..items.len()).rev() {
        let Some((method, key)) = marked(&items[position]) else {
            continue;
        };
        let name = name_of(&method.item.sig.ident);
        if header.trait_.is_some() {
            errors.at(
                key,
                format!("the trait has no `{name}`: move the property to a block of the type, and call it here"),
            );
        } else if let Some(taken) = method_named(items, &name) {
            errors.at(
                taken,
                "`mut` adds a method of this name: rename this one, or remove `mut`",
            );
        } else if let Some(added) = in_place(method, &name, home) {
            items.insert(position + 1, Item::Method(Box::new(added)));
        }
    }
}

/// A property with `mut`, and the word's span.
fn marked(item: &Item) -> Option<(&Method, &Ident)> {
    let method = item.method()?;
    let key = method.mark.as_ref()?.options.in_place.as_ref()?;
    Some((method, key))
}

/// `words_mut` of `words`
fn name_of(property: &Ident) -> Ident {
    format_ident!("{}_mut", property.unraw(), span = property.span())
}

fn method_named<'i>(items: &'i [Item], name: &Ident) -> Option<&'i Ident> {
    let methods = items.iter().filter_map(Item::method);
    let mut names = methods.map(|method| &method.item.sig.ident);
    names.find(|other| plain(other) == plain(name))
}

fn in_place(property: &Method, name: &Ident, home: &Home) -> Option<Method> {
    let ImplItemFn {
        sig, attrs, vis, ..
    } = &property.item;
    let returns = property.returns.as_ref()?;
    let lifetime = own_lifetime(sig);
    let (lent, made) = returns.in_place(lifetime)?;
    let this = sig.receiver()?.self_token;
    let (generics, word) = (&sig.generics, &sig.asyncness);
    let allow = attrs.iter().any(|attr| attr.path().is_ident("deprecated"));
    let allow = allow.then(|| quote!(#[allow(deprecated)]));
    let attrs = attrs.iter().filter(|attr| is_copied(attr));
    let doc = format!(
        " Lends the value of [`{0}`](Self::{0}) to be changed in place; computes it if needed.",
        plain(&sig.ident)
    );
    let mut item: ImplItemFn = parse_quote! {
        #[doc = #doc]
        #(#attrs)*
        #allow
        #vis #word fn #name #generics (& #lifetime mut #this) -> #lent {}
    };
    item.block = body(property, returns, &made, home);
    Some(Method {
        item,
        receiver: Receiver::Mut,
        mark: None,
        returns: None,
        in_place: Some(sig.ident.clone()),
    })
}

/// The attributes that say whether the property exists and whether it is deprecated.
fn is_copied(attr: &Attribute) -> bool {
    let path = attr.path();
    path.is_ident("cfg") || path.is_ident("deprecated")
}

fn body(property: &Method, returns: &Returns, made: &Expr, home: &Home) -> Block {
    let ImplItemFn { sig, block, .. } = &property.item;
    let span = runtime::generated(returns.place());
    let runtime = runtime::path(Span::call_site());
    let this = sig.receiver().map(|receiver| &receiver.self_token);
    let (name, field) = (&sig.ident, &home.field);
    let awaited = sig.asyncness.is_some().then(|| quote!(.await));
    let read = if returns.keeps_errors() {
        quote_spanned!(span=> let _ = Self::#name(#this)#awaited;)
    } else {
        quote_spanned! {span=>
            if let #runtime::core::result::Result::Err(__error) = Self::#name(#this)#awaited {
                return #runtime::core::result::Result::Err(__error);
            }
        }
    };
    let body = quote_spanned! {span=>
        #read
        let __kept = #runtime::in_place(#this.#field.#name.get_mut());
        #made
    };
    Block {
        brace_token: block.brace_token,
        stmts: vec![Stmt::Expr(Expr::Verbatim(body), None)],
    }
}
