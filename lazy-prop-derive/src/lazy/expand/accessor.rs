//! The body of a lazy method or function: read the cell, and compute first if it is empty.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Block, Expr, ImplItemFn, ItemImpl, Member, Signature, Stmt, Token, Type};

use super::unchanged;
use crate::lazy::expand::self_type::spelled;
use crate::lazy::model::home::Home;
use crate::lazy::model::returns::Returns;
use crate::lazy::syntax::plain;
use crate::runtime;

/// The body of a method whose cell is a field of the host's cells. The `listed` fields are
/// mentioned, so that rustc reports one that does not exist.
///
/// ```text
/// in:  { self.text.len() }
/// out: { copied(&(*self).lazy.words, "Report::words", || -> usize { self.text.len() }) }
/// ```
pub(crate) fn method(
    method: &ImplItemFn,
    returns: &Returns,
    listed: impl Iterator<Item = Member>,
    home: &Home,
) -> Block {
    let ImplItemFn {
        sig, block: body, ..
    } = method;
    let host = &home.host;
    let name = &sig.ident;
    // The receiver's own token, because `self` is hygienic.
    let this = sig.receiver().map(|receiver| &receiver.self_token);
    let host_cells = cells(this, home);
    let cell = quote!(&#host_cells.#name);
    let shown = format!("{host}::{}", name.unraw());
    let looks: TokenStream = listed.map(|field| quote!(let _ = &#this.#field;)).collect();
    let (calls, computes) = counts(this, home, &plain(name));
    let unchanged = unchanged::check(body);
    let compute = closure(body, returns, &quote!(#computes #looks #unchanged));
    let read = returns.read(&cell, &shown, &compute);
    around(body, &quote!(#calls #read))
}

/// The host's cells.
fn cells(this: Option<&Token![self]>, home: &Home) -> TokenStream {
    let Home { field, number, .. } = home;
    if home.has_lifetimes {
        // If the host is `covariant` and its cells are not, the home alone is wrong.
        let runtime = runtime::path(Span::call_site());
        return quote!(<Self as #runtime::Home<#number>>::cells(#this));
    }
    // Cheaper for rustc. As in the home, so that one error tells of a field that is not there.
    quote!((*#this).#field)
}

/// The statements that count a call and a computation, for the feature `stats`.
fn counts(this: Option<&Token![self]>, home: &Home, name: &str) -> (TokenStream, TokenStream) {
    if !cfg!(feature = "stats") {
        return Default::default();
    }
    let field = &home.field;
    (
        quote!(#this.#field.called(#name);),
        quote!(#this.#field.computes(#name);),
    )
}

/// The body of a function whose cell is a static inside of it.
///
/// The body becomes an inner function. So a generic block around it, which this macro cannot see,
/// is an error of rustc and not one value for every type.
///
/// ```text
/// in:  { Settings::load() }
/// out: { static CELL: OnceLock<Settings> = OnceLock::new(); fn body() -> Settings { Settings::load() } lent(&CELL, "settings", body, lend) }
/// ```
pub(crate) fn function(function: &ImplItemFn, returns: &Returns) -> Block {
    let ImplItemFn {
        sig, block: body, ..
    } = function;
    let made = returns.made();
    let inner = format_ident!("__lazy_{}", sig.ident.unraw());
    let read = with_static(sig, &returns.cell(), returns, |cell, name| {
        returns.read(cell, name, &inner.to_token_stream())
    });
    let word = &sig.asyncness;
    around(body, &quote!(#word fn #inner() -> #made #body #read))
}

/// As [`function`], in a block without parameters, where `Self` can be used.
pub(crate) fn associated(
    function: &ImplItemFn,
    returns: &Returns,
    block: &ItemImpl,
    home: &Home,
) -> Block {
    let ImplItemFn {
        sig, block: body, ..
    } = function;
    let kept = spelled(returns.cell(), block);
    let compute = closure(body, returns, &TokenStream::new());
    let read = with_static(sig, &kept, returns, |cell, name| {
        returns.read(cell, &format!("{}::{name}", home.host), &compute)
    });
    around(body, &read)
}

/// The body as a closure. `looks` are statements before the user's.
fn closure(body: &Block, returns: &Returns, looks: &TokenStream) -> TokenStream {
    let made = returns.made();
    let stmts = &body.stmts;
    if !returns.is_async {
        return if looks.is_empty() {
            quote!(|| -> #made #body)
        } else {
            // Without the user's braces, which rustc would call unnecessary here.
            quote!(|| -> #made { #looks #(#stmts)* })
        };
    }
    // The return type of an async closure coerces nothing, such as a box of a type to a box of a
    // trait. Its first `return` does.
    let span = runtime::generated(returns.place());
    let runtime = runtime::path(span);
    let first = quote_spanned!(span=> if false { return #runtime::awaited::never::<#made>(); });
    quote!(async || -> #made { #first #looks #(#stmts)* })
}

/// A static that keeps `kept`, and the call of `read` with it and the function's name.
fn with_static(
    sig: &Signature,
    kept: &Type,
    returns: &Returns,
    read: impl Fn(&TokenStream, &str) -> TokenStream,
) -> TokenStream {
    let name = sig.ident.unraw().to_string();
    let cell = format_ident!("__LAZY_{}", name.to_uppercase());
    let read = read(&quote!(&#cell), &name);
    // A value that threads cannot share is an error of the static.
    let span = runtime::generated(returns.place());
    let runtime = runtime::path(span);
    let (module, kind) = returns.cell_kind(true);
    let (module, kind) = (Ident::new(module, span), Ident::new(kind, span));
    quote_spanned! {span=>
        static #cell: #runtime::#module::#kind<#kept> = #runtime::#module::#kind::new();
        #read
    }
}

/// A block with the braces of `body`, so that errors about the whole body point there.
fn around(body: &Block, tokens: &TokenStream) -> Block {
    let stmts = vec![Stmt::Expr(Expr::Verbatim(tokens.clone()), None)];
    Block {
        brace_token: body.brace_token,
        stmts,
    }
}
