//! Literals that take the rest of another value, and macros that contain literals.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprStruct, Macro, Token};

use crate::lazy::analysis::std_macros::known_macro;
use crate::runtime;
use crate::sorted::Set;

/// The arguments of a macro, and the tokens after them, if they are expressions. The arguments of
/// an unknown macro are read like this only for updates.
pub(super) fn arguments(
    mac: &Macro,
    only_updates: &mut bool,
) -> Option<(Punctuated<Expr, Token![,]>, TokenStream)> {
    let known = known_macro(mac, &Set::new());
    if let Some(known) = known.filter(|known| known.lead.is_empty()) {
        return Some((known.arguments.into_iter().collect(), known.rest));
    }
    let parser = |input: ParseStream| {
        Ok((
            Punctuated::parse_separated_nonempty(input)?,
            input.parse::<TokenStream>()?,
        ))
    };
    let (arguments, rest): (_, TokenStream) = parser.parse2(mac.tokens.clone()).ok()?;
    *only_updates |= !mac.path.is_ident("vec");
    Some((arguments, rest))
}

/// A base without kept values.
pub(super) fn is_fresh(base: &Expr) -> bool {
    match base {
        Expr::Struct(_) => true,
        Expr::MethodCall(call) => call.method == "clone",
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => {
                let last = path.path.segments.last();
                last.is_some_and(|last| last.ident == "default" || last.ident == "new")
            }
            _ => false,
        },
        _ => false,
    }
}

/// The literal, cleared if it is a host.
pub(super) fn cleared(literal: &ExprStruct) -> Expr {
    let span = runtime::generated(literal.path.span());
    let runtime = runtime::path(span);
    Expr::Verbatim(quote_spanned! {span=> {
        use #runtime::{InnerHost as _, InnerBox as _, NoHost as _};
        let mut __made = #literal;
        (&&&#runtime::probe::<(), _>(|| &__made)).clear_inner(&mut __made);
        __made
    }})
}
