//! A method that changes what properties read clears those properties, and keeps all others.
//!
//! It does so on entry: then what it reads itself is right, and it leaves nothing stale behind, for
//! nothing computes them but itself. Where it may read one, it clears again when it is left,
//! whichever way.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{
    Attribute, ExprMethodCall, FnArg, GenericParam, ImplItemFn, ItemImpl, Meta, Pat, PatType,
    ReceiverKind, Safety, Signature, Type, parse_quote,
};

use crate::errors::Errors;
use crate::lazy::analysis::flow::Flow;
use crate::lazy::analysis::graph::{Graph, Method};
use crate::lazy::analysis::lends::{self, Lent};
use crate::lazy::analysis::stale::{DOUBTED, FILLED, STALE, Trace, UNSEEN, trace};
use crate::lazy::expand::cells::Cell;
use crate::lazy::expand::exits;
use crate::lazy::expand::self_type::spell_in;
use crate::lazy::model::home::Home;
use crate::lazy::model::receiver::Receiver;
use crate::lazy::syntax::plain;
use crate::runtime;

/// What a method has to clear.
pub(crate) struct Clearing<'f> {
    pub(crate) home: &'f Home,
    pub(crate) graph: &'f Graph,
    /// The cells, each with its position among those of the home.
    pub(crate) cells: Vec<(usize, &'f Cell)>,
}

impl Clearing<'_> {
    /// The method that clears; and where it clears when it is left too, the method that it
    /// calls, which has the user's body.
    pub(crate) fn expand(
        &self,
        mut method: ImplItemFn,
        position: usize,
        errors: &mut Errors,
    ) -> (ImplItemFn, Option<ImplItemFn>) {
        let known = &self.graph.methods()[position];
        if let Some(word) = &method.sig.constness {
            errors.at(
                word,
                "a `const fn` can't clear values: take `const` away, or say `#[lazy(keeps)]`",
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
            .map(|(_, cell)| trace(self.graph, known, &plain(&cell.name)))
            .collect();
        let lent = Lent::by(&method.sig);
        let is_cleared = self.clears_at_exits(&mut method, known.receiver, lent, &traces);
        if known.clears.is_none() {
            self.tell_stale(&traces, lent, known, is_cleared, errors);
        }
        // Where exactly it may be stale is nothing to bet on: a guard costs little.
        let may_leave_stale = traces.iter().any(|trace| trace.may_read);
        if may_leave_stale && known.receiver == Receiver::Mut && lent == Lent::Nothing {
            let (outer, inner) = self.guarded(method);
            return (outer, Some(inner));
        }
        self.clear_on_entry(&mut method);
        (method, None)
    }

    /// The reads of what is stale; and values that are computed, and then lent with what they read.
    fn tell_stale(
        &self,
        traces: &[Trace],
        lent: Lent,
        known: &Method,
        is_cleared: bool,
        errors: &mut Errors,
    ) {
        for ((_, cell), trace) in self.cells.iter().zip(traces) {
            let name = &cell.name;
            if let Some(place) = trace.stale_reads.first() {
                errors.at_span(
                    *place,
                    format!("`{name}` may be stale here, for this body has read it before and then may have changed what it reads: move the change to a method of its own"),
                );
                continue;
            }
            let at_exits = match (lent, known.receiver) {
                (Lent::Mutably, _) => FILLED,
                (Lent::Nothing, Receiver::Value) => STALE,
                _ => 0,
            };
            let at_exits = if is_cleared { 0 } else { trace.left & at_exits };
            // What lends has no guard: not for `?`, nor for a panic.
            let anywhere = if lent == Lent::Nothing { 0 } else { STALE };
            if at_exits | (trace.reached & anywhere) != 0 {
                let read = self.first_read(&known.flow, &plain(name));
                errors.at_span(
                    read.unwrap_or_else(|| name.span()),
                    format!("`{name}` is computed here and would be stale when the method is left: change what it reads, or lend it, in a method of its own"),
                );
            }
        }
    }

    /// Where a property is read first, or may be.
    fn first_read(&self, flow: &Flow, property: &str) -> Option<Span> {
        let mut events = flow.events().into_iter();
        let read = events.find(|event| self.graph.effect(event, property).may_read());
        read.and_then(Flow::place)
    }

    /// Clears where a method that owns its host moves it, and where one that lends it ends; whether
    /// that leaves nothing stale behind, except where it panics.
    fn clears_at_exits(
        &self,
        method: &mut ImplItemFn,
        receiver: Receiver,
        lent: Lent,
        traces: &[Trace],
    ) -> bool {
        let wrong = match (receiver, lent) {
            (Receiver::Value, _) | (_, Lent::Shared) => UNSEEN | STALE | DOUBTED,
            (_, Lent::Mutably) => UNSEEN | STALE | FILLED,
            (_, Lent::Nothing) => return false,
        };
        if traces.iter().all(|trace| trace.reached & wrong == 0) {
            return false;
        }
        let clear = self.clear(&host_of(method));
        if receiver != Receiver::Value {
            return exits::clear_when_lent(&mut method.block, &clear);
        }
        let takes = |call: &ExprMethodCall| {
            let name = plain(&call.method);
            let owns = |method: &Method| method.receiver == Receiver::Value;
            !self.graph.has_method(&name) || self.graph.named(&name).any(owns)
        };
        let moves_otherwise = exits::clear_when_moved(&mut method.block, &clear, &takes);
        !moves_otherwise || !lends::mentions_host(&method.sig, &self.home.host)
    }

    /// Statements that clear the values of `host`, which is a `&mut Self`.
    fn clear(&self, host: &TokenStream) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        let number = &self.home.number;
        let positions = self.cells.iter().map(|(position, _)| position);
        quote!(#(<Self as #runtime::Home<#number>>::clear(#host, #positions);)*)
    }

    fn clear_on_entry(&self, method: &mut ImplItemFn) {
        let clear = self.clear(&host_of(method));
        let Some(FnArg::Receiver(this)) = method.sig.inputs.first_mut() else {
            return;
        };
        if Receiver::of_kind(&this.kind) == Receiver::Value {
            this.mutability = Some(parse_quote!(mut));
        }
        method.block.stmts.insert(0, parse_quote!({ #clear }));
    }

    /// A method that keeps a guard over the host while another, with the body, runs.
    ///
    /// ```text
    /// in:  fn push(&mut self, text: &str) { BODY }
    /// out: fn push(&mut self, text: &str) {
    ///          let mut host = Clearing::new(self, |host| { … });
    ///          Self::__lazy_push(&mut host, text)
    ///      }
    ///      fn __lazy_push(&mut self, text: &str) { BODY }
    /// ```
    fn guarded(&self, method: ImplItemFn) -> (ImplItemFn, ImplItemFn) {
        let runtime = runtime::path(Span::call_site());
        let (mut outer, mut inner) = (method.clone(), method);
        let name = format_ident!(
            "__lazy{}_{}",
            self.home.number.to_string(),
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
        let clear = self.clear(&quote!(__host));
        // Where rustc finds that more is lent than the signature shows, it shows the method's name.
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
            let mut __host = #runtime::Clearing::new(#this, |__host: &mut Self| { #clear });
            #call
        });
        (outer, inner)
    }
}

/// The receiver as a `&mut Self`.
fn host_of(method: &ImplItemFn) -> TokenStream {
    let Some(this) = method.sig.receiver() else {
        return TokenStream::new();
    };
    let token = &this.self_token;
    match &this.kind {
        ReceiverKind::Value => quote!(&mut #token),
        ReceiverKind::Typed(_, ty) if !matches!(&**ty, Type::Reference(_)) => {
            quote!(&mut *#token)
        }
        _ => quote!(#token),
    }
}

/// The attributes that say something of the body, not of the method.
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

/// What the body is expected to give rise to, the method that calls it need not.
fn expect_nothing(attr: &mut Attribute) {
    if let (true, Meta::List(list)) = (attr.path().is_ident("expect"), &attr.meta) {
        let lints = &list.tokens;
        *attr = parse_quote!(#[allow(#lints)]);
    }
}

/// Names each argument, and gives the names with the `#[cfg]`s of each.
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

/// Methods that can't stand in a trait's block, in one of their own.
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
