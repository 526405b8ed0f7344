//! The parameters of the block, as the struct of cells has them.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{
    GenericParam, Generics, ItemImpl, Lifetime, LifetimeParam, Token, WhereClause, WherePredicate,
};

use crate::runtime::Runtime;
use crate::walk::{Node, Walk};

/// Gives a name to each `'_` of the own type, so that cells can mention it.
pub(super) fn name_lifetimes(block: &mut ItemImpl) {
    let mut names = NameLifetimes(Vec::new());
    names.visit(Node::Type(&mut block.self_ty));
    for lifetime in names.0 {
        block
            .generics
            .params
            .insert(0, GenericParam::Lifetime(LifetimeParam::new(lifetime)));
    }
}

struct NameLifetimes(Vec<Lifetime>);

impl Walk for NameLifetimes {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Lifetime(lifetime) if lifetime.ident == "_" => {
                lifetime.ident = format_ident!("__lazy{}", self.0.len());
                self.0.push(lifetime.clone());
            }
            other => other.inside(self),
        }
    }
}

/// The bounds of `#[lazy(bound = "…")]`, in place of the block's.
pub(super) fn bound_by(generics: &mut Generics, bound: &Punctuated<WherePredicate, Token![,]>) {
    for param in &mut generics.params {
        match param {
            GenericParam::Type(ty) => ty.bounds.clear(),
            GenericParam::Lifetime(lifetime) => lifetime.bounds.clear(),
            GenericParam::Const(_) => {}
        }
    }
    let predicates = bound.clone();
    generics.where_clause = Some(WhereClause {
        where_token: <Token![where]>::default(),
        predicates,
    });
}

/// A field that uses every parameter, and changes neither variance, nor `Send`, nor drop.
pub(super) fn marker(generics: &Generics, runtime: Runtime) -> (TokenStream, TokenStream) {
    let uses: Vec<_> = generics
        .params
        .iter()
        .filter_map(|param| match param {
            GenericParam::Lifetime(LifetimeParam { lifetime, .. }) => Some(quote!(&#lifetime ())),
            GenericParam::Type(ty) => {
                let ident = &ty.ident;
                Some(quote!(*const #ident))
            }
            GenericParam::Const(_) => None,
        })
        .collect();
    if uses.is_empty() {
        return Default::default();
    }
    let marker = quote!(#runtime::core::marker::PhantomData);
    (
        quote!(__parameters: #marker<fn() -> (#(#uses,)*)>,),
        quote!(__parameters: #marker,),
    )
}
