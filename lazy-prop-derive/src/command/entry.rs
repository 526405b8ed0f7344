//! A command, from its signature to the runtime's entry.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Signature, parse_quote};

use super::docs::Docs;
use super::names::Names;
use super::param::Param;
use super::settings::{Settings, closure};
use super::{check, local};
use crate::errors::Errors;
use crate::runtime;

/// A function or method that is a command.
pub(super) struct Command {
    settings: Settings,
    docs: Docs,
    params: Vec<Param>,
    /// The function, as it is called.
    name: Ident,
    has_receiver: bool,
    returned: Span,
}

impl Command {
    /// Reads the signature, and leaves it as plain Rust has it.
    pub(super) fn new(
        settings: Settings,
        attrs: &[Attribute],
        sig: &mut Signature,
        errors: &mut Errors,
    ) -> Self {
        check::signature(sig, errors);
        let docs = Docs::of(attrs, settings.verbatim_docs);
        let params: Vec<Param> = check::typed(sig)
            .map(|param| Param::of_function(param, errors))
            .collect();
        check::parameters(&params, settings.options.as_ref(), errors);
        Self {
            settings,
            docs,
            params,
            name: sig.ident.clone(),
            has_receiver: sig.receiver().is_some(),
            returned: check::returned(sig),
        }
    }

    /// What clippy must not say: a command has as many parameters as its line has arguments, and
    /// they are its own.
    pub(super) fn allowed() -> Attribute {
        parse_quote!(#[allow(
            clippy::too_many_arguments,
            clippy::fn_params_excessive_bools,
            clippy::needless_pass_by_value
        )])
    }

    /// What is left of a command that breaks a rule: its name, so that lists of commands stand.
    pub(super) fn broken(self) -> Self {
        let settings = Settings {
            name: self.settings.name,
            group: self.settings.group,
            ..Settings::default()
        };
        Self {
            settings,
            params: vec![],
            ..self
        }
    }

    /// The entry; `function` is what calls the function, up to its parentheses.
    ///
    /// ```text
    /// in:  fn add(service: String) -> Result<(), Error>
    /// out: Entry { stub: Stub { path: "add", describe: || …, build: |command| … }, run: |matches, app| … }
    /// ```
    pub(super) fn entry(&self, function: Option<&TokenStream>) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        let path = self.settings.path(&Names::new(&self.name).long);
        let describe = self.describe();
        let build = self.build();
        let run = if let Some(function) = function {
            self.run(function)
        } else {
            quote!(|_, _| #runtime::core::unreachable!())
        };
        quote! {
            #runtime::command::Entry {
                stub: #runtime::command::Stub { path: #path, describe: #describe, build: #build },
                run: #run,
            }
        }
    }

    fn describe(&self) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        let about = &self.docs.short;
        let heading = self
            .settings
            .heading
            .as_ref()
            .map_or_else(|| quote!(""), |heading| quote!(#heading));
        let more = closure(&self.settings.shown);
        let place = quote_spanned! {self.name.span()=>
            #runtime::command::Place::new(#runtime::core::file!(), #runtime::core::line!())
        };
        quote!(|| #runtime::command::Description { about: #about, heading: #heading, more: #more, place: #place })
    }

    fn build(&self) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        let builder = local("builder");
        let settings = &self.settings;
        let with = |calls: &[TokenStream]| {
            let closure = closure(calls);
            (!calls.is_empty()).then(|| quote!(#builder.with(#closure);))
        };
        let long = &self.docs.long;
        let long = (!long.is_empty()).then(|| quote!(#builder.long_about(#long);));
        let (chosen, last) = (with(&settings.chosen), with(&settings.last));
        let strict = settings.strict.is_some();
        let params: Vec<TokenStream> = self
            .params
            .iter()
            .map(|param| match (&settings.options, strict) {
                (None, true) if !param.is_annotated && !param.is_flat => not_annotated(param),
                (options, _) => param.build(&builder, options.as_ref(), strict),
            })
            .collect();
        if long.is_none() && chosen.is_none() && last.is_none() && params.is_empty() {
            return closure(&[]);
        }
        let command = local("command");
        quote! {|#command| {
            use #runtime::command::ladders::*;
            let mut #builder = #runtime::command::Builder::new(#command);
            #long #chosen #(#params)* #last
            #builder.finish()
        }}
    }

    fn run(&self, function: &TokenStream) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        let matches = local("matches");
        let app = local("app");
        let held: Vec<Ident> = (0..self.params.len())
            .map(|i| local(&format!("held_{i}")))
            .collect();
        let taken = self
            .params
            .iter()
            .zip(&held)
            .map(|(param, held)| param.take(held, &matches));
        let given = self
            .params
            .iter()
            .zip(&held)
            .map(|(param, held)| param.give(held));
        // rustc aims its errors at a variable only if that looks like the user's own.
        let returned = Ident::new("__returned", self.returned);
        let receiver = self.has_receiver.then(|| quote!(#app,));
        let reply = quote_spanned!(self.returned=> (&&&&&&#returned).reply());
        let result = quote_spanned! {self.returned=>
            #runtime::command::Returned::new(#function(#receiver #(#given),*))
        };
        let reply = quote_spanned!(self.returned=> {
            let #returned = #result;
            #reply
        });
        let done = (!self.params.is_empty()).then(|| quote!(#matches.done()?;));
        let matches_name = if self.params.is_empty() {
            quote!(_)
        } else {
            quote!(#matches)
        };
        let app_name = if self.has_receiver {
            quote!(#app)
        } else {
            quote!(_)
        };
        quote!(|#matches_name, #app_name| {
            use #runtime::command::ladders::*;
            #(#taken)*
            #done
            #reply
        })
    }
}

/// Under `strict` without a dictionary every parameter says what it is.
fn not_annotated(param: &Param) -> TokenStream {
    let message = format!(
        "`{}` says not what it is, and `strict` asks it to: `#[arg(long)]`, or `#[arg()]` for a positional",
        param.ident
    );
    syn::Error::new(param.ident.span(), message).to_compile_error()
}
