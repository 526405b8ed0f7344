//! The body of a lazy method or function: read the cell, and compute on the way only if it is empty.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Block, Expr, Signature, Stmt};

use super::returns::Returns;
use crate::runtime;

/// The body of a method whose cell is a field of the host's cells.
///
/// ```text
/// in:  { self.text.len() }
/// out: { copied(&<Self as LazyHost<0>>::cells(self).words, "Report::words", || -> usize { self.text.len() }) }
/// ```
pub(super) fn method(
    sig: &Signature,
    returns: &Returns,
    host: &str,
    home: &TokenStream,
    body: &Block,
) -> Block {
    let runtime = runtime::path(proc_macro2::Span::call_site());
    let name = &sig.ident;
    // The receiver's own token, for `self` is hygienic.
    let this = sig.receiver().map(|receiver| &receiver.self_token);
    let cell = quote!(&<Self as #runtime::LazyHost<#home>>::cells(#this).#name);
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
    let declared = quote!(fn #inner() -> #made #body);
    with_static(sig, returns, body, &declared, &inner.to_token_stream(), "")
}

/// As [`function`], in a block that is known to have no parameters, so that `Self` can be used.
pub(super) fn associated(sig: &Signature, returns: &Returns, host: &str, body: &Block) -> Block {
    let made = returns.made();
    let prefix = format!("{host}::");
    with_static(
        sig,
        returns,
        body,
        &TokenStream::new(),
        &quote!(|| -> #made #body),
        &prefix,
    )
}

fn with_static(
    sig: &Signature,
    returns: &Returns,
    body: &Block,
    declared: &TokenStream,
    compute: &TokenStream,
    prefix: &str,
) -> Block {
    let runtime = runtime::path(proc_macro2::Span::call_site());
    let name = sig.ident.unraw();
    let cell = format_ident!("__LAZY_{}", name.to_string().to_uppercase());
    let kept = returns.cell();
    let read = returns.read(&quote!(&#cell), &format!("{prefix}{name}"), compute);
    let tokens = quote! {
        static #cell: #runtime::sync::OnceCell<#kept> = #runtime::sync::OnceCell::new();
        #declared
        #read
    };
    around(body, &tokens)
}

/// A block with the braces of `body`, so that errors about the whole point there.
fn around(body: &Block, tokens: &TokenStream) -> Block {
    let stmts = vec![Stmt::Expr(Expr::Verbatim(tokens.clone()), None)];
    Block {
        brace_token: body.brace_token,
        stmts,
    }
}
