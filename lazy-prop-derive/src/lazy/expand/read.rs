//! The expression that reads a cell, and fills it first if it is empty.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use crate::lazy::model::keeping::Keeping;
use crate::lazy::model::returns::{Returns, Row, lend, type_arguments};
use crate::lazy::syntax::last_name;
use crate::runtime;

impl Returns {
    /// The expression that reads `cell`, and fills it with `body` if it is empty.
    pub(crate) fn read(&self, cell: &TokenStream, name: &str, body: &TokenStream) -> TokenStream {
        if let Keeping::Expiring(expiring) = &self.keeping {
            return self.read_expiring(&expiring.arguments(), cell, name, body);
        }
        let (function, lends) = match self.row {
            // In an `async fn`, one type that breaks a bound causes two errors.
            Row::Copied if self.is_async => ("lent", Some(self.owned_by("copy_of"))),
            Row::Cloned if self.is_async => ("lent", Some(self.owned_by("clone_of"))),
            Row::Copied | Row::Tried { .. } => ("copied", None),
            Row::Cloned => ("cloned", None),
            Row::Ref if self.is_async => ("lent", Some(self.lend())),
            Row::Ref if self.store.is_none() => ("lent", None),
            Row::Ref => ("lent_by", Some(self.lend())),
            Row::Option => ("lent_option", Some(self.lend())),
            Row::Ok => ("lent_ok", Some(self.lend())),
            Row::Result => ("lent_result", Some(self.lend())),
        };
        let module = self.is_async.then_some("awaited");
        let mut path = function_for(module, function, &self.value);
        if let (Row::Copied, false, Some(lent)) = (self.row, self.is_async, self.instead()) {
            let value = &self.value;
            let function = function_for(None, "copied_or", value);
            path = quote!(#function::<#lent, #value>);
        }
        let lends = lends.into_iter().chain(self.error.as_ref().map(lend));
        // A type that breaks a bound is an error of the call: report it at the type.
        let span = runtime::generated(self.place());
        if !self.is_async {
            return quote_spanned!(span=> #path(#cell, #name, #body #(, #lends)*));
        }
        let lends: Vec<_> = lends.collect();
        let kept = function_for(module, &function.replace("lent", "kept"), &self.value);
        let runtime = runtime::path(span);
        quote_spanned! {span=>
            match #kept(#cell #(, #lends)*) {
                #runtime::core::option::Option::Some(__read) => __read,
                #runtime::core::option::Option::None => #path(#cell, #name, #body #(, #lends)*).await,
            }
        }
    }

    /// The expression that reads a `cell` whose value expires.
    fn read_expiring(
        &self,
        arguments: &TokenStream,
        cell: &TokenStream,
        name: &str,
        body: &TokenStream,
    ) -> TokenStream {
        let (function, is_cloned) = match self.row {
            Row::Tried { is_cloned } => ("expiring_ok", is_cloned),
            row => ("expiring", row == Row::Cloned),
        };
        let module = if self.is_async { "awaited" } else { "expiring" };
        let path = function_for(Some(module), function, &self.value);
        let own = self.owned_by(if is_cloned { "clone_of" } else { "copy_of" });
        let span = runtime::generated(self.place());
        let awaited = self.is_async.then(|| quote_spanned!(span=> .await));
        quote_spanned!(span=> #path(#cell, #name, #arguments, #body, #own) #awaited)
    }

    /// The expression that turns the kept value into the reader's own, by the function with this
    /// name.
    ///
    /// A closure, because a path would become a part of the future, and rustc would report its
    /// bound twice.
    fn owned_by(&self, function: &str) -> TokenStream {
        let function = function_for(None, function, &self.value);
        let value = Ident::new("__value", runtime::generated(self.place()));
        quote!(|#value| #function(#value))
    }

    /// What a value that is not `Copy` is lent as. The names are only used in an error.
    fn instead(&self) -> Option<TokenStream> {
        let value = &self.value;
        let span = runtime::generated(value.span());
        let lent = match &*last_name(value)?.to_string() {
            "String" => Some(quote_spanned!(span=> str)),
            "PathBuf" => Some(quote_spanned!(span=> ::std::path::Path)),
            "Vec" => {
                let mut value = value.clone();
                let arguments = type_arguments(&mut value);
                arguments.first().map(|item| quote_spanned!(span=> [#item]))
            }
            _ => None,
        };
        match lent {
            Some(lent) if self.is_function => Some(quote_spanned!(span=> &'static #lent)),
            Some(lent) => Some(quote_spanned!(span=> &#lent)),
            None => self
                .is_function
                .then(|| quote_spanned!(span=> &'static #value)),
        }
    }
}

/// A function of the runtime. Errors underline the whole of `ty`.
fn function_for(module: Option<&str>, function: &str, ty: &Type) -> TokenStream {
    let tokens: Vec<_> = ty.to_token_stream().into_iter().collect();
    let end = tokens.last().map_or_else(Span::call_site, TokenTree::span);
    let runtime = runtime::path(ty.span());
    let function = Ident::new(function, runtime::generated(end));
    let module = module.map(|name| {
        let module = Ident::new(name, runtime::generated(ty.span()));
        quote!(#module::)
    });
    quote!(#runtime::#module #function)
}
