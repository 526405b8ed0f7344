//! One parameter of a command, or one field of an app.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, Field, Lifetime, Pat, PatType, Path, Type, TypeReference};

use super::arg::{Arg, subject};
use super::docs::Docs;
use super::names::Names;
use super::{check, take, words};
use crate::errors::Errors;
use crate::runtime;

/// A parameter that can be expanded.
pub(super) struct Param {
    pub(super) ident: Ident,
    pub(super) names: Names,
    /// The type, with `'_` for each lifetime.
    pub(super) ty: Type,
    pub(super) arg: Arg,
    docs: Docs,
    /// Whether `#[arg]` is written on it; a dictionary is asked only when it is not.
    pub(super) is_annotated: bool,
    /// Whether it is a struct with arguments of its own.
    pub(super) is_flat: bool,
}

impl Param {
    /// Reads a function's parameter, and leaves it as plain Rust has it.
    pub(super) fn of_function(param: &mut PatType, errors: &mut Errors) -> Self {
        let name = match &*param.pat {
            Pat::Ident(name) if name.subpat.is_none() && name.by_ref.is_none() => {
                Some(name.ident.clone())
            }
            pattern => {
                errors.at(pattern, "a parameter's name is the name of the argument: name it, and take it apart in the body");
                None
            }
        };
        check::parameter(param, errors);
        let name = name.unwrap_or_else(|| Ident::new("unnamed", param.pat.span()));
        let ty = (*param.ty).clone();
        let read = Self::new(&name, ty, &mut param.attrs, errors);
        if let Some((key, _)) = &read.arg.skip {
            errors.at(
                key,
                "a parameter must come from somewhere: only a field of an app can be skipped",
            );
        }
        read
    }

    /// Reads an app's field, and leaves it as plain Rust has it; its doc comment stays.
    pub(super) fn of_app(field: &mut Field, errors: &mut Errors) -> Option<Self> {
        let docs: Vec<Attribute> = field
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("doc"))
            .cloned()
            .collect();
        let read = Self::new(
            &field.ident.clone()?,
            field.ty.clone(),
            &mut field.attrs,
            errors,
        );
        field.attrs.splice(0..0, docs);
        Some(read)
    }

    fn new(ident: &Ident, mut ty: Type, attrs: &mut Vec<Attribute>, errors: &mut Errors) -> Self {
        Anonymous.visit_type_mut(&mut ty);
        let names = Names::new(ident);
        let marks = take(attrs, "arg");
        let is_flat = flat(&take(attrs, "command"), errors);
        if let (true, Some(mark)) = (is_flat, marks.first()) {
            errors.at(
                mark,
                "the arguments of a flattened struct are described on its own fields",
            );
        }
        let said = words::of(&marks, errors);
        let verbatim = words::has(&said, "verbatim");
        let item = item(&ty, verbatim);
        let arg = Arg::new(&said, &names, Some(&item), errors);
        let docs = Docs::take(attrs, words::has(&said, "verbatim_doc_comment"));
        let is_annotated = !marks.is_empty();
        Self {
            ident: ident.clone(),
            names,
            ty,
            arg,
            docs,
            is_annotated,
            is_flat,
        }
    }

    /// Adds it to the builder: through the dictionary, if there is one and nothing nearer.
    pub(super) fn build(
        &self,
        builder: &Ident,
        options: Option<&Path>,
        strict: bool,
    ) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        let ty = &self.ty;
        if self.is_flat {
            return quote_spanned!(ty.span()=> #builder.flatten::<#ty>(););
        }
        let (names, help) = (self.names.tokens(), self.docs.tokens());
        // rustc aims its errors at a variable only if that looks like the user's own.
        let kept = Ident::new("__shape", ty.span());
        let shape = shape(ty, self.arg.verbatim);
        let shape = quote_spanned!(ty.span()=> let #kept = #shape;);
        let kind = quote_spanned!(ty.span()=> #kept.kind());
        let parser = quote_spanned!(ty.span()=> #kept.item().parser());
        let words = self.words();
        let given = if self.arg.has_parser {
            quote!(#runtime::core::option::Option::None)
        } else {
            quote!(#runtime::core::option::Option::Some(#parser))
        };
        let own = quote! {
            #runtime::command::param(&mut #builder, #names, #help, #kind, #given, #words)
        };
        match options.filter(|_| !self.is_annotated) {
            None => quote!({ #shape #own; }),
            Some(options) => {
                let (ident, mode) = (
                    &self.ident,
                    if strict { quote!(strict) } else { quote!(open) },
                );
                quote!({
                    #shape
                    #options! {
                        #ident #ident #mode [#options] [&mut #builder] { #names } { #help } { #kind } { #parser } { #own }
                    };
                })
            }
        }
    }

    /// What `#[arg(...)]` says, as a function of the runtime's parameter.
    fn words(&self) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        if self.arg.calls.is_empty() {
            return quote!(#runtime::command::plain);
        }
        let (subject, calls) = (subject(), &self.arg.calls);
        quote!(|#subject| { #(#calls)* })
    }

    /// Takes it from the matches into a variable.
    pub(super) fn take(&self, held: &Ident, matches: &Ident) -> TokenStream {
        let ty = &self.ty;
        if self.is_flat {
            return quote_spanned!(ty.span()=> let mut #held = #matches.flat::<#ty>(););
        }
        let (shape, id) = (shape(ty, self.arg.verbatim), &self.names.id);
        let kept = kept(held);
        quote_spanned! {ty.span()=>
            let #kept = #shape;
            let mut #held = #kept.take(#matches, #id);
        }
    }

    /// The variable's value, as the function wants it.
    pub(super) fn give(&self, held: &Ident) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        if self.is_flat {
            return quote!(#runtime::command::given(&mut #held));
        }
        let kept = kept(held);
        quote_spanned!(self.ty.span()=> #kept.give(&mut #held))
    }

    /// The value of a field that is no option.
    pub(super) fn skipped(&self) -> Option<TokenStream> {
        let runtime = runtime::path(Span::call_site());
        let (_, value) = self.arg.skip.as_ref()?;
        Some(match value {
            Some(Expr::Verbatim(tokens)) => tokens.clone(),
            Some(value) => quote!(#value),
            None => quote!(#runtime::core::default::Default::default()),
        })
    }
}

/// Whether `#[command(flatten)]` is among `marks`, and nothing else.
fn flat(marks: &[Attribute], errors: &mut Errors) -> bool {
    let words = words::of(marks, errors);
    for word in &words {
        if word.key != "flatten" {
            errors.at(
                &word.key,
                "on a parameter one can say `#[command(flatten)]`; all else is `#[arg(...)]`",
            );
        }
    }
    words.iter().any(|word| word.key == "flatten")
}

/// The shape of a type, by the ladder for it.
fn shape(ty: &Type, verbatim: bool) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    if verbatim {
        return quote_spanned!(ty.span()=> #runtime::command::verbatim::<#ty>());
    }
    quote_spanned!(ty.span()=> #runtime::command::Shapes(&&&#runtime::command::Probe::<#ty>::NEW).shape())
}

/// The variable that keeps the shape of what is held.
fn kept(held: &Ident) -> Ident {
    Ident::new(&format!("{held}_shape"), held.span())
}

/// The type of one value of it.
fn item(ty: &Type, verbatim: bool) -> TokenStream {
    let shape = shape(ty, verbatim);
    quote_spanned!(ty.span()=> #shape.item())
}

/// Generated code is outside of the function, where its lifetimes have no names.
struct Anonymous;

impl VisitMut for Anonymous {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        *lifetime = Lifetime::new("'_", lifetime.span());
    }

    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        reference.lifetime = None;
        self.visit_type_mut(&mut reference.elem);
    }
}
