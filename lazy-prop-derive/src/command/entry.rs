//! A command, from its signature to the runtime's entry.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Signature, parse_quote};

use super::check;
use super::docs::Docs;
use super::names::{Names, local};
use super::param::Param;
use super::settings::{Settings, closure};
use crate::errors::Errors;
use crate::runtime;

/// A function or method that is a command.
pub(super) struct Command {
    settings: Settings,
    docs: Docs,
    params: Vec<Param>,
    /// The path by which the function is called.
    name: Ident,
    has_receiver: bool,
    returned: Span,
    /// Whether it returns `!`.
    is_endless: bool,
    is_async: bool,
}

impl Command {
    /// Reads the signature, and leaves plain Rust behind.
    pub(super) fn new(
        settings: Settings,
        attrs: &[Attribute],
        sig: &mut Signature,
        errors: &mut Errors,
    ) -> Self {
        check::signature(sig, errors);
        let docs = Docs::of(attrs, settings.verbatim_docs);
        let mut params: Vec<Param> = check::typed(sig)
            .map(|param| {
                check::parameter(param, errors);
                Param::of_function(param, errors)
            })
            .collect();
        check::parameters(&params, settings.options.as_ref(), errors);
        let has_receiver = sig.receiver().is_some();
        references(&mut params, &settings, has_receiver, errors);
        if let Some(prefix) = &settings.env_prefix {
            for param in &mut params {
                param.give_variable(prefix);
            }
        }
        if settings.strict.is_some() && settings.options.is_none() {
            annotated(&params, errors);
        }
        Self {
            settings,
            docs,
            params,
            name: sig.ident.clone(),
            has_receiver,
            returned: check::returned(sig),
            is_async: sig.asyncness.is_some(),
            is_endless: check::is_endless(sig),
        }
    }

    /// Silences clippy: a command has as many parameters as its line has arguments, and owns them.
    pub(super) fn allowed() -> Attribute {
        parse_quote!(#[allow(
            clippy::too_many_arguments,
            clippy::fn_params_excessive_bools,
            clippy::needless_pass_by_value
        )])
    }

    /// The rest of a command that breaks a rule: its name, so that lists of commands still compile.
    pub(super) fn broken(self) -> Self {
        let settings = Settings {
            name: self.settings.name,
            group: self.settings.group,
            role: self.settings.role,
            ..Settings::default()
        };
        Self {
            settings,
            params: vec![],
            ..self
        }
    }

    /// Its declaration. `function` calls the function, up to its parentheses.
    ///
    /// ```text
    /// in:  fn add(service: String) -> Result<(), Error>
    /// out: const PATH: &str = "add";
    ///      fn call(call: &mut Call) -> Ended {
    ///          call.describe_as(…);
    ///          let shape_service = Door::<String>::NEW.shape();
    ///          let mut held_service = shape_service.plain(call, "service␟…", shape_service.parser());
    ///          call.done()?;
    ///          Returned::new(add(shape_service.give(&mut held_service))).reply()
    ///      }
    /// ```
    pub(super) fn declared(&self, function: Option<&TokenStream>) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        let path = self.settings.path(&Names::new(&self.name).long);
        let call = local("call");
        let body = if let Some(function) = function {
            self.body(&call, function)
        } else {
            quote!(#runtime::core::unreachable!())
        };
        let role = self.settings.role.as_ref().map(
            |role| quote!(const ROLE: #runtime::command::Role = #runtime::command::Role::#role;),
        );
        quote! {
            const PATH: &'static str = #path;
            #role

            fn call(#call: &mut #runtime::command::Call) -> #runtime::command::Ended {
                #body
            }
        }
    }

    fn body(&self, call: &Ident, function: &TokenStream) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        let describe = self.describe(call);
        let arguments = self.arguments(call);
        let reply = self.reply(call, function);
        quote! {
            use #runtime::command::ladders::*;
            #describe
            #arguments
            #call.done()?;
            #reply
        }
    }

    /// Calls the function, and turns its result into an exit code.
    fn reply(&self, call: &Ident, function: &TokenStream) -> TokenStream {
        if self.is_async {
            return self.later(call, function);
        }
        let receiver = self.has_receiver.then(|| quote!(#call.app::<Self>(),));
        self.returned(&self.called(function, receiver.as_ref()))
    }

    /// Has it called and awaited later, with all that it is called with.
    fn later(&self, call: &Ident, function: &TokenStream) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        let app = local("app");
        let own = self
            .has_receiver
            .then(|| quote!(let mut #app = #call.own_app::<Self>();));
        let receiver = self.has_receiver.then(|| quote!(&mut *#app,));
        let called = self.called(function, receiver.as_ref());
        let reply = self.returned(&quote_spanned!(self.returned=> #called.await));
        quote! {
            #own
            #runtime::command::later(async move { #reply })
        }
    }

    fn called(&self, function: &TokenStream, receiver: Option<&TokenStream>) -> TokenStream {
        let given = self.params.iter().map(Param::give);
        quote_spanned!(self.returned=> #function(#receiver #(#given),*))
    }

    /// The exit code of what the function returned.
    fn returned(&self, result: &TokenStream) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        // rustc aims its errors at a variable only if that looks like the user's own.
        let returned = Ident::new("__returned", self.returned);
        if self.is_endless && !self.is_async {
            return result.clone();
        }
        if self.is_endless {
            let ended = quote!(#runtime::command::Ended);
            return quote!({ #[allow(unreachable_code)] let #returned: #ended = #result; #returned });
        }
        let result = quote_spanned!(self.returned=> #runtime::command::Returned::new(#result));
        let reply = quote_spanned!(self.returned=> (&&&&&&&&#returned).reply());
        quote_spanned!(self.returned=> let #returned = #result; #reply)
    }

    fn describe(&self, call: &Ident) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        let about = &self.docs.short;
        let heading = self
            .settings
            .heading
            .as_ref()
            .map_or_else(|| quote!(""), |heading| quote!(#heading));
        // `line!()` gives the line of the attribute, unless each of its tokens stands where the name does.
        let [file, line] = [quote!(file), quote!(line)].map(|of| {
            let tokens = quote!(#runtime::core::#of!()).into_iter();
            let here = tokens.map(|mut token| {
                token.set_span(self.name.span());
                token
            });
            here.collect::<TokenStream>()
        });
        let place = quote!(#runtime::command::Place::new(#file, #line));
        let shown = &self.settings.shown;
        let shown = (!shown.is_empty()).then(|| {
            let closure = closure(shown);
            quote!(#call.shown(#closure);)
        });
        quote!(#call.describe_as(#about, #heading, #place); #shown)
    }

    fn arguments(&self, call: &Ident) -> TokenStream {
        let settings = &self.settings;
        let (chosen, last) = (set(call, &settings.chosen), set(call, &settings.last));
        let long = &self.docs.long;
        let long = (!long.is_empty()).then(|| quote!(#call.long_about(#long);));
        let strict = settings.strict.is_some();
        let params = self.params.iter();
        let params = params.map(|param| param.take(call, settings.options.as_ref(), strict));
        let confirm = settings.confirm.as_ref();
        let confirm = confirm.map(|text| quote_spanned!(text.span()=> #call.confirm(#text);));
        quote!(#long #chosen #(#params)* #confirm #last)
    }
}

/// Looks for names that no parameter has. Names that the app, a struct or a dictionary may add are checked
/// when the program starts.
fn references(params: &mut [Param], settings: &Settings, is_method: bool, errors: &mut Errors) {
    let options = settings.options.as_ref();
    let more = |param: &Param| param.is_flat || param.dictionary(options).is_some();
    if is_method || params.iter().any(more) {
        let names: Vec<String> = params.iter().map(|param| param.names.id.clone()).collect();
        for param in params {
            param.check_later(&names);
        }
        return;
    }
    check::references(&params.iter().collect::<Vec<_>>(), &settings.groups, errors);
}

/// Makes `calls` on clap's command.
pub(super) fn set(call: &Ident, calls: &[TokenStream]) -> Option<TokenStream> {
    let closure = closure(calls);
    (!calls.is_empty()).then(|| quote!(#call.command(#closure);))
}

/// With `strict` and no dictionary, every parameter has an `#[arg]`.
fn annotated(params: &[Param], errors: &mut Errors) {
    for param in params {
        if !param.is_annotated && !param.is_flat {
            let message = format!(
                "`{}` needs `#[arg]`, because this command is `strict`: `#[arg(long)]`, or `#[arg()]` for a positional",
                param.ident
            );
            errors.at(&param.ident, message);
        }
    }
}
