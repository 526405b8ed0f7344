//! The macros of `lazy-prop`; depend on that crate, which documents them.
//!
//! Each door below converts its tokens and calls one room.

mod errors;
mod fallback;
mod lazy;
mod runtime;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// Documented where it is exported: `lazy_prop::lazy`.
#[proc_macro_attribute]
pub fn lazy(args: TokenStream, item: TokenStream) -> TokenStream {
    lazy::run(args.into(), item.into()).into()
}
