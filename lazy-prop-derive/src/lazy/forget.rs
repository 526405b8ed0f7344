//! A method that changes what properties read forgets those properties, and keeps all others.
//!
//! It does so on entry: then what it reads itself is right, and it leaves nothing stale behind, for
//! nothing computes them but itself. Where it reads one and then changes what that one reads, it
//! forgets again when it is left, whichever way.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{
    FnArg, GenericParam, ImplItemFn, ItemImpl, Pat, PatType, ReceiverKind, Safety, Signature, Type,
    parse_quote,
};

use super::cells::Cell;
use super::flow::Flow;
use super::graph::Graph;
use super::home::Home;
use super::lent::Lent;
use super::receiver::Receiver;
use super::spell::spell_in;
use super::stale::{FILLED, STALE, Trace, trace};
use crate::errors::Errors;
use crate::runtime;

/// What a method has to forget.
pub(super) struct Forgetting<'f> {
    pub(super) home: &'f Home,
    pub(super) graph: &'f Graph,
    /// The cells, each with its position among those of the home.
    pub(super) cells: Vec<(usize, &'f Cell)>,
}

impl Forgetting<'_> {
    /// The method that forgets; and where it forgets when it is left too, the method that it
    /// calls, which has the user's body.
    pub(super) fn expand(
        &self,
        mut method: ImplItemFn,
        position: usize,
        errors: &mut Errors,
    ) -> (ImplItemFn, Option<ImplItemFn>) {
        let known = &self.graph.methods()[position];
        if let Some(word) = &method.sig.constness {
            errors.at(
                word,
                "a `const fn` can't forget values: take `const` away, or say `#[lazy(keeps)]`",
            );
            return (method, None);
        }
        if known.receiver == Receiver::Other {
            errors.at(
                method.sig.receiver(),
                "what is changed through this can't be followed: take `&mut self`, or say `#[lazy(keeps)]`",
            );
            return (method, None);
        }
        let traces: Vec<Trace> = self
            .cells
            .iter()
            .map(|(_, cell)| trace(self.graph, known, &cell.name.to_string()))
            .collect();
        let lent = Lent::by(&method.sig);
        if known.resets.is_none() {
            self.tell_stale(&traces, lent, known.receiver, &known.flow, errors);
        }
        let may_leave_stale = traces
            .iter()
            .any(|trace| trace.reached & STALE != 0 || trace.unseen);
        if may_leave_stale && known.receiver == Receiver::Mut && lent == Lent::Nothing {
            let (outer, inner) = self.guarded(method);
            return (outer, Some(inner));
        }
        self.forget_on_entry(&mut method);
        (method, None)
    }

    /// The reads of what is stale; and values that are computed, and then lent with what they read.
    fn tell_stale(
        &self,
        traces: &[Trace],
        lent: Lent,
        receiver: Receiver,
        flow: &Flow,
        errors: &mut Errors,
    ) {
        for ((_, cell), trace) in self.cells.iter().zip(traces) {
            let name = &cell.name;
            if let Some(place) = trace.stale_reads.first() {
                errors.at_span(
                    *place,
                    format!("`{name}` may be stale here, for this body has read it before and then changed what it reads: move the change to a method of its own"),
                );
                continue;
            }
            let not_forgotten = lent != Lent::Nothing || receiver == Receiver::Value;
            let wrong = if lent == Lent::Mutably {
                FILLED | STALE
            } else {
                STALE
            };
            if not_forgotten && trace.left & wrong != 0 {
                let read = self.first_read(flow, &name.to_string());
                errors.at(
                    read.unwrap_or_else(|| name.clone()),
                    format!("`{name}` is computed here and would be stale when the method is left: read it in a method of its own"),
                );
            }
        }
    }

    fn first_read(&self, flow: &Flow, property: &str) -> Option<Ident> {
        flow.events().into_iter().find_map(|event| match event {
            Flow::Call(place) if self.graph.reads_property(&place.to_string(), property) => {
                Some(place.clone())
            }
            _ => None,
        })
    }

    /// Statements that forget the values of `host`, which is a `&mut Self`.
    fn forget(&self, host: &TokenStream) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        let number = &self.home.number;
        let positions = self.cells.iter().map(|(position, _)| position);
        quote!(#(<Self as #runtime::Home<#number>>::forget(#host, #positions);)*)
    }

    fn forget_on_entry(&self, method: &mut ImplItemFn) {
        let Some(FnArg::Receiver(this)) = method.sig.inputs.first_mut() else {
            return;
        };
        let token = &this.self_token;
        let host = match &this.kind {
            ReceiverKind::Value => quote!(&mut #token),
            ReceiverKind::Typed(_, ty) if !matches!(&**ty, Type::Reference(_)) => {
                quote!(&mut *#token)
            }
            _ => quote!(#token),
        };
        let forget = self.forget(&host);
        if Receiver::of_kind(&this.kind) == Receiver::Value {
            this.mutability = Some(parse_quote!(mut));
        }
        method.block.stmts.insert(0, parse_quote!({ #forget }));
    }

    /// A method that keeps a guard over the host while another, with the body, runs.
    ///
    /// ```text
    /// in:  fn push(&mut self, text: &str) { BODY }
    /// out: fn push(&mut self, text: &str) {
    ///          let mut host = Forgetting::new(self, |host| { … });
    ///          Self::__lazy_push(&mut host, text)
    ///      }
    ///      fn __lazy_push(&mut self, text: &str) { BODY }
    /// ```
    fn guarded(&self, method: ImplItemFn) -> (ImplItemFn, ImplItemFn) {
        let runtime = runtime::path(Span::call_site());
        let (mut outer, mut inner) = (method.clone(), method);
        let name = format_ident!(
            "__lazy_{}",
            inner.sig.ident.unraw(),
            span = inner.sig.ident.span()
        );
        inner.sig.ident = name.clone();
        inner.vis = syn::Visibility::Inherited;
        inner.attrs.retain(is_for_body);
        inner.attrs.push(parse_quote!(#[allow(dead_code)]));
        outer.attrs.retain(|attr| !attr.path().is_ident("expect"));

        let arguments = forward(&mut outer.sig);
        let generics = turbofish(&outer.sig);
        let this = outer.sig.receiver().map(|receiver| receiver.self_token);
        let forget = self.forget(&quote!(__host));
        let mut call = quote!(Self::#name #generics(&mut __host #(, #arguments)*));
        if outer.sig.asyncness.is_some() {
            call = quote!(#call.await);
        }
        if matches!(outer.sig.safety, Safety::Unsafe(_)) {
            call = quote!(unsafe { #call });
        }
        outer.block = parse_quote!({
            let mut __host = #runtime::Forgetting::new(#this, |__host: &mut Self| { #forget });
            #call
        });
        (outer, inner)
    }
}

/// The attributes that say something of the body, not of the method.
fn is_for_body(attr: &syn::Attribute) -> bool {
    let of_body = ["cfg", "allow", "warn", "deny", "forbid", "expect"];
    of_body.iter().any(|name| attr.path().is_ident(name))
}

/// Names each argument, and gives the names.
fn forward(sig: &mut Signature) -> Vec<Ident> {
    let arguments = sig.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    });
    arguments
        .enumerate()
        .map(|(number, argument)| name_argument(argument, number))
        .collect()
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

/// Methods that can't stand in a trait's block, in one of their own.
pub(super) fn block_beside(block: &ItemImpl, methods: &[ImplItemFn]) -> TokenStream {
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
