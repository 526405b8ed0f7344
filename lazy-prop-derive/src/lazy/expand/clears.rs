//! Writes the clearing into a body, at the places that the analysis found.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Stmt};

use super::targets::Targets;
use crate::lazy::analysis::changes::sink::{Act, Sink, What};
use crate::lazy::model::home::Home;
use crate::lazy::syntax::plain;
use crate::runtime;
use crate::sorted::Set;

/// Writes the clearing into one body.
pub(crate) struct Insert<'i> {
    pub(crate) home: &'i Home,
    pub(crate) targets: &'i Targets,
    pub(crate) cause: Cause,
    /// The loans that are asked for.
    pub(crate) loans: &'i Set<String>,
}

/// `.by("push")`, which tells the feature `tracing` which method clears.
pub(crate) struct Cause(TokenStream);

impl Cause {
    pub(crate) fn new(method: &Ident) -> Self {
        let name = plain(method);
        let by = cfg!(feature = "tracing").then(|| quote!(.by(#name)));
        Self(by.unwrap_or_default())
    }
}

impl ToTokens for Cause {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}

impl Insert<'_> {
    /// Statements that clear.
    fn clear(&self, acts: &[Act]) -> TokenStream {
        acts.iter().map(|act| self.act(act)).collect()
    }

    fn act(&self, act: &Act) -> TokenStream {
        let (host, cause, loans) = (&act.host, &self.cause, act.unless.iter());
        let field = &self.home.field;
        let field = quote!(#field #([#loans])*);
        let span = runtime::generated(act.host.span());
        let runtime = runtime::path(act.host.span());
        match &act.what {
            What::Clear(target) => self
                .targets
                .clear(host, &quote!(#field #cause), target, span),
            What::UnlessKnown(target, place, class) => {
                let number = self.targets.number(target);
                let class = Ident::new(class, span);
                quote_spanned! {span=> {
                    use #runtime::{OfUnknown as _, OfKnown as _};
                    let __look = (&#runtime::probe::<#runtime::class::#class, _>(|| &#place)).look();
                    #host.#field[__look]#cause.clear_target(#number);
                }}
            }
            What::IfReference(target, place) => {
                let number = self.targets.number(target);
                quote_spanned! {span=> {
                    use #runtime::{OfReference as _, OfValue as _};
                    let __taken = (&#runtime::probe::<(), _>(|| &#place)).taken();
                    #host.#field[__taken]#cause.clear_target(#number);
                }}
            }
            What::Inner(place) => quote_spanned! {span=> {
                use #runtime::{InnerHost as _, InnerBox as _, NoHost as _};
                (&&&#runtime::probe::<(), _>(|| &#place)).clear_inner(&mut #place);
            }},
        }
    }
}

impl Sink for Insert<'_> {
    fn statement(&mut self, acts: &[Act]) -> Option<Stmt> {
        let clear = self.clear(acts);
        Some(Stmt::Expr(Expr::Verbatim(clear), None))
    }

    fn before(&mut self, expr: &mut Expr, acts: &[Act]) {
        let clear = self.clear(acts);
        let span = runtime::generated(expr.span());
        let clears = match expr {
            Expr::Assign(_)
            | Expr::Binary(_)
            | Expr::ForLoop(_)
            | Expr::While(_)
            | Expr::Loop(_)
            | Expr::Path(_)
            | Expr::Field(_)
            | Expr::Index(_)
            | Expr::Closure(_)
            | Expr::Async(_)
            | Expr::Verbatim(_) => quote_spanned!(span=> { #clear #expr }),
            // A condition stays one.
            Expr::Let(_) => quote_spanned!(span=> { #clear true } && #expr),
            // The temporaries of a block would end with the block.
            _ => quote_spanned!(span=> ({ #clear }, #expr).1),
        };
        *expr = Expr::Verbatim(clears);
    }

    fn behind(&mut self, operand: &mut Expr, acts: &[Act]) {
        let clear = self.clear(acts);
        let span = runtime::generated(operand.span());
        let clears = quote_spanned! {span=>
            match #operand { __value => { #clear __value } }
        };
        *operand = Expr::Verbatim(clears);
    }

    fn hoisted(&mut self, expr: &mut Expr, arguments: &[usize], acts: &[Act]) {
        let Expr::MethodCall(call) = expr else { return };
        let mut values = Vec::new();
        let mut names = Vec::new();
        for (at, argument) in call.args.iter_mut().enumerate() {
            if arguments.contains(&at) {
                let name = format_ident!("__argument{at}");
                let value = std::mem::replace(argument, Expr::Verbatim(quote!(#name)));
                values.push(value);
                names.push(name);
            }
        }
        let clear = self.clear(acts);
        let span = runtime::generated(expr.span());
        let clears = quote_spanned! {span=>
            match (#(#values,)*) { (#(#names,)*) => { #clear #expr } }
        };
        *expr = Expr::Verbatim(clears);
    }

    fn matched(&mut self, place: &mut Expr, acts: &[Act]) {
        let clear = self.clear(acts);
        let span = runtime::generated(place.span());
        let clears = match place {
            Expr::Reference(_) => quote_spanned!(span=> { #clear #place }),
            // A reborrow, if the name is a reference to the host.
            Expr::Path(_) => quote_spanned!(span=> { #clear &mut *#place }),
            _ => quote_spanned!(span=> *{ #clear &mut #place }),
        };
        *place = Expr::Verbatim(clears);
    }

    fn loan(&mut self, loan: &Ident, variable: &Ident) -> Option<Stmt> {
        if !self.loans.contains(&loan.to_string()) {
            return None;
        }
        let span = runtime::generated(variable.span());
        let runtime = runtime::path(variable.span());
        let asked = quote_spanned! {span=>
            let #loan = {
                use #runtime::{OfOwned as _, OfBorrowing as _};
                (&#runtime::probe::<(), _>(|| &#variable)).loan()
            };
        };
        Some(Stmt::Expr(Expr::Verbatim(asked), None))
    }

    fn writes(&self) -> bool {
        true
    }
}

/// The statements that clear `targets` of `host`.
pub(crate) fn clear_all<'t>(
    home: &Home,
    targets: &Targets,
    host: &TokenStream,
    cause: &Cause,
    all: impl IntoIterator<Item = &'t crate::lazy::analysis::graph::Target>,
) -> TokenStream {
    let field = &home.field;
    let numbers = all.into_iter().map(|target| targets.number(target));
    quote!(#(#host.#field #cause.clear_target(#numbers);)*)
}
