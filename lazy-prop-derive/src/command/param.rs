//! One parameter of a command, or one field of an app.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Field, Lifetime, Pat, PatType, Path, Type};

use super::arg::{Arg, BETWEEN};
use super::attrs::take;
use super::docs::Docs;
use super::names::{Names, local};
use super::words::{self, Word};
use crate::errors::Errors;
use crate::runtime;
use crate::walk::{Node, Walk};

/// A parameter that can be expanded.
pub(super) struct Param {
    pub(super) ident: Ident,
    pub(super) names: Names,
    /// The type, with `'_` for each lifetime.
    pub(super) ty: Type,
    pub(super) arg: Arg,
    docs: Docs,
    /// The words of its `#[arg]`.
    words: Vec<String>,
    /// Whether it has an `#[arg]`. Only without one a dictionary is asked.
    pub(super) is_annotated: bool,
    /// Whether it is a struct with arguments of its own.
    pub(super) is_flat: bool,
}

impl Param {
    /// Reads a function's parameter, and leaves plain Rust behind.
    pub(super) fn of_function(param: &mut PatType, errors: &mut Errors) -> Self {
        let name = match &*param.pat {
            Pat::Ident(name) if name.subpat.is_none() && name.by_ref.is_none() => {
                Some(name.ident.clone())
            }
            pattern => {
                errors.at(pattern, "a parameter needs a name, not a pattern: name it, and take it apart in the body");
                None
            }
        };
        let name = name.unwrap_or_else(|| Ident::new("unnamed", param.pat.span()));
        let ty = (*param.ty).clone();
        let read = Self::new(&name, ty, &mut param.attrs, errors);
        if let Some((key, _)) = &read.arg.skip {
            errors.at(
                key,
                "a parameter cannot be skipped: only a field of an app can",
            );
        }
        read
    }

    /// Reads an app's field, and leaves plain Rust and the doc comment behind.
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
        if let Some(place) = read.arg.asks {
            errors.at_span(
                place,
                "an app asks nothing, because each of its commands would: write `prompt` on a parameter",
            );
        }
        Some(read)
    }

    fn new(ident: &Ident, mut ty: Type, attrs: &mut Vec<Attribute>, errors: &mut Errors) -> Self {
        Anonymous.visit(Node::Type(&mut ty));
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
        let item = shape(&ty, verbatim, words::has(&said, "negatable"));
        let arg = Arg::new(&said, &names, Some(&item), errors);
        let mut docs = Docs::take(attrs, words::has(&said, "verbatim_doc_comment"));
        docs.give_way(arg.has_help);
        let is_annotated = !marks.is_empty();
        Self {
            ident: ident.clone(),
            names,
            ty,
            arg,
            docs,
            words: said.iter().map(Word::name).collect(),
            is_annotated,
            is_flat,
        }
    }

    /// Checks, when the program starts, that the arguments it names exist. `siblings` are known now.
    pub(super) fn check_later(&mut self, siblings: &[String]) {
        for name in &self.arg.speaks_of {
            if !siblings.contains(&name.value()) {
                self.arg.calls.push(quote!(.refers(#name)));
            }
        }
    }

    /// Has it given by a variable of the environment, if it is an option that has no other.
    pub(super) fn give_variable(&mut self, prefix: &str) {
        if !self.says(&["env"]) && !self.is_flat {
            let variable = format!("{prefix}{}", self.names.value);
            self.arg.calls.push(quote!(.variable(#variable)));
        }
    }

    /// Makes it an option, if it is not one yet.
    pub(super) fn name_long(&mut self) {
        if !self.arg.is_named {
            self.arg.long(&self.names.long.clone(), self.ident.span());
        }
    }

    /// The option as it is typed.
    pub(super) fn option(&self) -> String {
        match self.arg.spelled.last() {
            Some((name, _)) => name.clone(),
            None => self.names.long.clone(),
        }
    }

    /// Whether its `#[arg]` has one of `words`.
    pub(super) fn says(&self, words: &[&str]) -> bool {
        self.words.iter().any(|word| words.contains(&&**word))
    }

    /// The dictionary that describes it, unless it has an `#[arg]`.
    pub(super) fn dictionary<'o>(&self, options: Option<&'o Path>) -> Option<&'o Path> {
        options.filter(|_| !self.is_annotated)
    }

    /// Describes it, through the dictionary if that applies. Then it is added, or taken into a variable.
    pub(super) fn take(&self, call: &Ident, options: Option<&Path>, strict: bool) -> TokenStream {
        let (ty, held) = (&self.ty, self.held());
        if self.is_flat {
            return quote_spanned!(ty.span()=> let mut #held = #call.flat::<#ty, _>(););
        }
        let (kept, shape) = (
            self.kept(),
            shape(ty, self.arg.verbatim, self.arg.is_negatable),
        );
        let taken = self.taken(call, self.dictionary(options), strict);
        quote_spanned! {ty.span()=>
            let #kept = #shape;
            let mut #held = #taken;
        }
    }

    fn taken(&self, call: &Ident, options: Option<&Path>, strict: bool) -> TokenStream {
        let (kept, texts, ty) = (self.kept(), self.texts(), &self.ty);
        let (words, has_parser) = (&self.arg.calls, self.arg.has_parser);
        let parser = quote_spanned!(ty.span()=> #kept.parser());
        if options.is_none() && words.is_empty() && !has_parser {
            return quote_spanned!(ty.span()=> #kept.plain(#call, #texts, #parser));
        }
        let arg = quote_spanned!(ty.span()=> #kept.arg(#call, #texts, #parser));
        let arg_as_told = quote_spanned!(ty.span()=> #kept.arg_as_told(#call, #texts));
        let arg = match options {
            Some(options) => {
                let (ident, mode) = (
                    &self.ident,
                    if strict { quote!(strict) } else { quote!(open) },
                );
                quote!(#options! { #ident #ident #mode [#options] { #arg } { #arg_as_told } })
            }
            None if has_parser => arg_as_told,
            None => arg,
        };
        quote_spanned!(ty.span()=> #kept.take(#arg #(#words)*))
    }

    /// All its texts, in the runtime's form.
    fn texts(&self) -> String {
        let (Names { id, long, value }, docs) = (&self.names, &self.docs);
        let words = &self.arg.texts;
        let [short, full] = [&docs.short, &docs.long].map(|text| text.replace(BETWEEN, " "));
        let texts = [id, long, value, &short, &full];
        let texts = texts.map(String::as_str).join(&BETWEEN.to_string());
        format!("{texts}{words}")
    }

    /// The variable with the taken value.
    fn held(&self) -> Ident {
        local(&format!("held_{}", self.names.id))
    }

    /// The variable that keeps the shape of it. rustc aims its errors at a variable only if that
    /// looks like the user's own.
    fn kept(&self) -> Ident {
        Ident::new(&format!("__shape_{}", self.names.id), self.ty.span())
    }

    /// The argument for the function.
    pub(super) fn give(&self) -> TokenStream {
        let runtime = runtime::path(Span::call_site());
        let held = self.held();
        if self.is_flat {
            return quote!(#runtime::command::given(&mut #held));
        }
        let kept = self.kept();
        quote_spanned!(self.ty.span()=> #kept.give(&mut #held))
    }

    /// The value of a field that is not an option.
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
                "a parameter takes `#[command(flatten)]`; write everything else in `#[arg(...)]`",
            );
        }
    }
    words.iter().any(|word| word.key == "flatten")
}

/// The shape of a type, by the ladder for it.
fn shape(ty: &Type, verbatim: bool, is_negatable: bool) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    if is_negatable {
        return quote_spanned!(ty.span()=> #runtime::command::Switch::<#ty>::NEW);
    }
    if verbatim {
        return quote_spanned!(ty.span()=> #runtime::command::verbatim::<#ty>());
    }
    quote_spanned!(ty.span()=> #runtime::command::Door::<#ty>::NEW.shape())
}

/// Generated code is outside of the function, where its lifetimes have no names.
struct Anonymous;

impl Walk for Anonymous {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Lifetime(lifetime) => *lifetime = Lifetime::new("'_", lifetime.span()),
            Node::Type(Type::Reference(reference)) => {
                reference.lifetime = None;
                self.visit(Node::Type(&mut reference.elem));
            }
            other => other.inside(self),
        }
    }
}
