//! The calls in a property of std methods that change a field: rustc refuses them by the type of the
//! field, with an error that says what to do.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Block, Expr, ExprMethodCall};

use crate::lazy::syntax::is_in_self;
use crate::runtime;
use crate::walk::{Part, Read};

/// Methods of std's containers that take `&mut self`.
const CHANGING: [&str; 24] = [
    "append",
    "clear",
    "dedup",
    "drain",
    "entry",
    "extend",
    "get_mut",
    "get_or_insert_with",
    "insert",
    "iter_mut",
    "last_mut",
    "pop",
    "pop_back",
    "pop_front",
    "push",
    "push_back",
    "push_front",
    "push_str",
    "remove",
    "resize",
    "retain",
    "swap_remove",
    "take",
    "truncate",
];

/// A statement for each call, which compiles unless the field is a container.
///
/// ```text
/// in:  { self.items.push(1); self.items.len() }
/// out: let _ = || (&probe(|| &self.items)).only_reads();
/// ```
pub(super) fn check(body: &Block) -> TokenStream {
    let mut checks = Checks(TokenStream::new());
    checks.read(Part::Block(body));
    checks.0
}

struct Checks(TokenStream);

impl Read for Checks {
    fn read(&mut self, part: Part<'_>) {
        match part {
            // In an item, `self` is another value.
            Part::Item(_) => {}
            Part::Expr(expr) => {
                if let Expr::MethodCall(call) = expr {
                    self.call(call);
                }
                Part::Expr(expr).inside(self);
            }
            other => other.inside(self),
        }
    }
}

impl Checks {
    fn call(&mut self, call: &ExprMethodCall) {
        let place = &call.receiver;
        if !is_in_self(place) || !CHANGING.iter().any(|name| call.method == name) {
            return;
        }
        let span = runtime::generated(call.method.span());
        let runtime = runtime::path(call.method.span());
        let imports = quote!(use #runtime::{OfContainer as _, OfOther as _};);
        self.0.extend(quote_spanned! {span=>
            let _ = || { #imports (&#runtime::probe::<(), _>(|| &#place)).only_reads() };
        });
    }
}
