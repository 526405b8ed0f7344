//! How long a value is kept, and whether its readers wait for each other.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Signature};

use crate::errors::Errors;
use crate::lazy::model::options::Options;
use crate::runtime;

/// How long a value is kept, and whether its readers wait for each other.
pub(crate) enum Keeping {
    /// Until it is cleared. One reader computes it.
    Once,
    /// The same, but every reader computes until there is a value: `racing`.
    Racing,
    /// For a time.
    Expiring(Expiring),
}

/// `ttl = …`
pub(crate) struct Expiring {
    ttl: Box<Expr>,
    /// `stale_while_refresh`
    serves_old: bool,
}

impl Keeping {
    /// Reads the options. Mistakes go to `errors`.
    pub(crate) fn of(sig: &Signature, options: &Options, errors: &mut Errors) -> Self {
        if let (Some(key), None) = (&options.stale_while_refresh, &options.ttl) {
            errors.at(
                key,
                "`stale_while_refresh` says who gets an expired value: add `ttl = ...`",
            );
        }
        match (&options.racing, &options.ttl) {
            (Some(key), Some(_)) => {
                errors.at(
                    key,
                    "a value that expires has readers that wait: take `racing` away, or `ttl`",
                );
                Self::Racing
            }
            (Some(key), None) if sig.asyncness.is_some() => {
                errors.at(
                    key,
                    "an `async` property blocks no thread: take `racing` away",
                );
                Self::Racing
            }
            (Some(_), None) => Self::Racing,
            (None, Some((_, ttl))) => Self::Expiring(Expiring {
                ttl: Box::new(ttl.clone()),
                serves_old: options.stale_while_refresh.is_some(),
            }),
            (None, None) => Self::Once,
        }
    }
}

impl Expiring {
    /// The arguments of a read that tell when a value expires, and what happens then.
    pub(crate) fn arguments(&self) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        let ttl = &self.ttl;
        let meanwhile = if self.serves_old {
            quote!(#runtime::expiring::Meanwhile::Old)
        } else {
            quote!(#runtime::expiring::Meanwhile::New)
        };
        // A value that is not a duration is an error of the closure: report it at the value.
        let ttl = quote_spanned!(runtime::generated(ttl.span())=> || #ttl);
        quote!(#meanwhile, #ttl)
    }
}
