//! The body of a lazy method or function: read the cell, and compute on the way only if it is empty.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Block, Expr, ItemImpl, Signature, Stmt, Type};

use super::returns::Returns;
use super::spell::spelled;
use crate::runtime;

/// The body of a method whose cell is a field of the host's cells.
///
/// ```text
/// in:  { self.text.len() }
/// out: { copied(&<Self as Home<0>>::cells(self).words, "Report::words", || -> usize { self.text.len() }) }
/// ```
pub(super) fn method(
    sig: &Signature,
    returns: &Returns,
    host: &str,
    home: &TokenStream,
    body: &Block,
) -> Block {
    let runtime = runtime::path(Span::call_site());
    let name = &sig.ident;
    // The receiver's own token, for `self` is hygienic.
    let this = sig.receiver().map(|receiver| &receiver.self_token);
    let cell = quote!(&<Self as #runtime::Home<#home>>::cells(#this).#name);
    let made = returns.made();
    let shown = format!("{host}::{}", name.unraw());
    around(
        body,
        &returns.read(&cell, &shown, &quote!(|| -> #made #body)),
    )
}

/// The body of a function whose cell is a static inside of it.
///
/// The body becomes a function in the function, so that a generic block around it, which this
/// macro can't see, is rustc's error instead of one value for every type.
///
/// ```text
/// in:  { Settings::load() }
/// out: { static CELL: OnceCell<Settings> = OnceCell::new(); fn body() -> Settings { Settings::load() } lent(&CELL, "settings", body, lend) }
/// ```
pub(super) fn function(sig: &Signature, returns: &Returns, body: &Block) -> Block {
    let made = returns.made();
    let inner = format_ident!("__lazy_{}", sig.ident.unraw());
    let read = with_static(sig, &returns.cell(), |cell, name| {
        returns.read(cell, name, &inner.to_token_stream())
    });
    around(body, &quote!(fn #inner() -> #made #body #read))
}

/// As [`function`], in a block that is known to have no parameters, so that `Self` can be used.
pub(super) fn associated(
    sig: &Signature,
    returns: &Returns,
    block: &ItemImpl,
    host: &str,
    body: &Block,
) -> Block {
    let made = returns.made();
    let kept = spelled(returns.cell(), block);
    let read = with_static(sig, &kept, |cell, name| {
        returns.read(cell, &format!("{host}::{name}"), &quote!(|| -> #made #body))
    });
    around(body, &read)
}

/// A static that keeps `kept`, and what `read` does with it and the function's name.
fn with_static(
    sig: &Signature,
    kept: &Type,
    read: impl Fn(&TokenStream, &str) -> TokenStream,
) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    let name = sig.ident.unraw().to_string();
    let cell = format_ident!("__LAZY_{}", name.to_uppercase());
    let read = read(&quote!(&#cell), &name);
    quote! {
        static #cell: #runtime::sync::OnceCell<#kept> = #runtime::sync::OnceCell::new();
        #read
    }
}

/// A block with the braces of `body`, so that errors about the whole point there.
fn around(body: &Block, tokens: &TokenStream) -> Block {
    let stmts = vec![Stmt::Expr(Expr::Verbatim(tokens.clone()), None)];
    Block {
        brace_token: body.brace_token,
        stmts,
    }
}
