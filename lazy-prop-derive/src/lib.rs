//! The macros of `lazy-prop`. Depend on that crate, which documents them.
//!
//! Each function below converts its tokens and calls one module.

#[cfg(feature = "command")]
mod command;
mod errors;
mod fallback;
mod lazy;
mod runtime;
mod sorted;
#[cfg(test)]
mod tests;
mod walk;

use proc_macro::TokenStream;

/// Documented where it is exported: `lazy_prop::lazy`.
#[proc_macro_attribute]
pub fn lazy(args: TokenStream, item: TokenStream) -> TokenStream {
    runtime::of_crate(args.into(), |args| lazy::run(args, item.into())).into()
}

/// Documented where it is exported: `lazy_prop::command`.
#[cfg(feature = "command")]
#[proc_macro_attribute]
pub fn command(args: TokenStream, item: TokenStream) -> TokenStream {
    runtime::of_crate(args.into(), |args| command::run(args, item.into())).into()
}

/// Documented where it is exported: `lazy_prop::options`.
#[cfg(feature = "command")]
#[proc_macro]
pub fn options(input: TokenStream) -> TokenStream {
    runtime::of_crate(input.into(), command::options).into()
}

/// Documented where it is exported: `lazy_prop::commands`.
#[cfg(feature = "command")]
#[proc_macro]
pub fn commands(input: TokenStream) -> TokenStream {
    runtime::of_crate(input.into(), command::commands).into()
}

/// The entry of one command, by the path of its function.
#[cfg(feature = "command")]
#[doc(hidden)]
#[proc_macro]
pub fn __entry(input: TokenStream) -> TokenStream {
    runtime::of_crate(input.into(), command::entry).into()
}

/// The error of a strict dictionary for a parameter that it lacks.
#[cfg(feature = "command")]
#[doc(hidden)]
#[proc_macro]
pub fn __not_in_options(input: TokenStream) -> TokenStream {
    command::not_in_options(input.into()).into()
}
