//! `options!`: the options that many commands share, found by the name of the parameter.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Token, Visibility, bracketed};

use super::arg::{Arg, with_text};
use super::attrs::take;
use super::docs::Docs;
use super::names::{Names, local};
use super::words;
use crate::errors::{Errors, nearest};
use crate::runtime;

/// `pub shared: name => #[arg(...)], …`
struct Dictionary {
    attrs: Vec<Attribute>,
    vis: Visibility,
    name: Ident,
    entries: Punctuated<Entry, Token![,]>,
}

/// `name => #[arg(...)]`
struct Entry {
    attrs: Vec<Attribute>,
    name: Ident,
    marks: Vec<Attribute>,
}

impl Parse for Dictionary {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        Ok(Self {
            attrs: input.call(Attribute::parse_outer)?,
            vis: input.parse()?,
            name: input.call(Ident::parse_any)?,
            entries: {
                input.parse::<Token![:]>()?;
                input.call(Punctuated::parse_terminated)?
            },
        })
    }
}

impl Parse for Entry {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![=>]>()?;
        let marks = input.call(Attribute::parse_outer)?;
        if marks.is_empty() {
            return Err(input.error("expected `#[arg(...)]`"));
        }
        Ok(Self { attrs, name, marks })
    }
}

/// The words of an entry.
struct Said {
    name: Ident,
    docs: Docs,
    lines: Vec<Attribute>,
    arg: Arg,
}

/// The entry: tokens in, tokens out, whatever they are.
pub(crate) fn run(input: TokenStream) -> TokenStream {
    let hash = hash(&input);
    match syn::parse2::<Dictionary>(input) {
        Ok(dictionary) => expand(dictionary, &hash),
        Err(error) => error.to_compile_error(),
    }
}

/// Distinguishes dictionaries of one name, because an exported macro belongs to the whole crate.
fn hash(input: &TokenStream) -> String {
    let mut hasher = DefaultHasher::new();
    input.to_string().hash(&mut hasher);
    for token in input.clone().into_iter().take(1) {
        format!("{:?}", token.span()).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

/// Makes a macro that knows the names, and a type of the same name whose functions have the rest. They
/// resolve names where the dictionary stands, in whatever module or crate it is used.
///
/// ```text
/// in:  shared: quiet => #[arg(short)]
/// out: macro_rules! shared { (quiet … { arg } …) => { shared::quiet(arg) } (… { arg } …) => { arg } }
///      enum shared {}
///      impl shared { fn quiet(call: &mut Call) -> &mut Call { call.words("short=q") } }
/// ```
fn expand(dictionary: Dictionary, hash: &str) -> TokenStream {
    let mut errors = Errors::default();
    let Dictionary {
        attrs,
        vis,
        name,
        entries,
    } = dictionary;
    let mut said: Vec<Said> = vec![];
    for entry in entries {
        let entry = read(entry, &mut errors);
        names_are_different(&entry, &said, &mut errors);
        if said.iter().all(|other| other.name != entry.name) {
            said.push(entry);
        }
    }
    let runtime = runtime::path(Span::call_site());
    let hidden = format_ident!("__options_{}_{hash}", name.unraw());
    let arms = said.iter().map(arm);
    let functions = said.iter().map(function);
    let last = fallback(&name, &said);
    let export = matches!(vis, Visibility::Public(_)).then(|| quote!(#[macro_export]));
    let errors = errors.finish();
    quote! {
        #[doc(hidden)]
        #[allow(unused_macros)]
        #export
        macro_rules! #hidden { #(#arms)* #last }
        #[doc(hidden)]
        #[allow(unused_imports, unreachable_pub)]
        #vis use #hidden as #name;
        #(#attrs)*
        #[doc = ""]
        #[doc = "Options for `#[command(options = ...)]`."]
        #[allow(non_camel_case_types, dead_code, unreachable_pub)]
        #vis enum #name {}
        #[allow(dead_code, unreachable_pub)]
        const _: () = {
            use #runtime::command::ladders::*;
            impl #name { #(#functions)* }
        };
        #errors
    }
}

fn read(mut entry: Entry, errors: &mut Errors) -> Said {
    let args = take(&mut entry.marks, "arg");
    for mark in &entry.marks {
        errors.at(mark, "an option is described by `#[arg(...)]`");
    }
    let names = Names::new(&entry.name);
    let said = words::of(&args, errors);
    let mut arg = Arg::new(&said, &names, None, errors);
    if let Some((key, _)) = &arg.skip {
        errors.at(key, "only a field of an app can be skipped");
    }
    for word in said
        .iter()
        .filter(|word| word.key == "verbatim" || word.key == "negatable")
    {
        let message = format!(
            "the type belongs to the parameter: say `#[arg({})]` there",
            word.key
        );
        errors.at(&word.key, message);
    }
    let mut docs = Docs::of(&entry.attrs, words::has(&said, "verbatim_doc_comment"));
    docs.give_way(arg.has_help);
    // The parameters beside it are known only when the program starts.
    let refers = arg.speaks_of.iter().map(|name| quote!(.refers(#name)));
    let refers: Vec<TokenStream> = refers.collect();
    arg.calls.extend(refers);
    Said {
        name: entry.name,
        docs,
        lines: entry.attrs,
        arg,
    }
}

fn names_are_different(entry: &Said, before: &[Said], errors: &mut Errors) {
    if before.iter().any(|other| other.name == entry.name) {
        let message = format!("`{}` is described twice: remove one", entry.name);
        errors.at(&entry.name, message);
        return;
    }
    for (spelled, span) in &entry.arg.spelled {
        let has = |other: &&Said| other.arg.spelled.iter().any(|(name, _)| name == spelled);
        if let Some(other) = before.iter().find(has) {
            let name = &other.name;
            let message =
                format!("`{spelled}` is taken by `{name}`: give one of them another name");
            errors.push(syn::Error::new(*span, message));
        }
    }
}

/// `(quiet … { arg } …) => { shared::quiet(arg) }`
fn arm(said: &Said) -> TokenStream {
    let name = &said.name;
    let (arg, as_told) = (quote!({ $($arg:tt)* }), quote!({ $($as_told:tt)* }));
    let begun = if said.arg.has_parser {
        quote!($($as_told)*)
    } else {
        quote!($($arg)*)
    };
    quote! {
        (#name $name:ident $strict:ident [$($dictionary:tt)*] #arg #as_told) => {
            <$($dictionary)*>::$name(#begun)
        };
    }
}

/// The rule for a parameter without an entry.
fn fallback(name: &Ident, said: &[Said]) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    let known = said.iter().map(|said| &said.name);
    quote! {
        ($_name:ident $name:ident open $_dictionary:tt { $($arg:tt)* } $_as_told:tt) => { $($arg)* };
        ($_name:ident $name:ident strict $($rest:tt)*) => {
            #runtime::not_in_options! { $name #name [#(#known)*] }
        };
    }
}

fn function(said: &Said) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    let Said {
        name,
        docs,
        lines,
        arg,
    } = said;
    let (call, calls) = (local("call"), &arg.calls);
    let mut words = String::new();
    for (word, text) in [("help", &docs.short), ("long_help", &docs.long)] {
        if !text.is_empty() {
            words += &with_text(word, text);
        }
    }
    words += &arg.texts;
    let docs = lines.iter().filter(|attr| attr.path().is_ident("doc"));
    quote! {
        #(#docs)*
        #[doc = ""]
        pub fn #name(#call: &mut #runtime::command::Call) -> &mut #runtime::command::Call {
            #call.words(#words) #(#calls)*
        }
    }
}

/// The error for a parameter that is not in a strict dictionary: `parameter dictionary [names]`.
pub(crate) fn not_in_options(input: TokenStream) -> TokenStream {
    let parser = |input: ParseStream| {
        let (param, dictionary) = (input.call(Ident::parse_any)?, input.call(Ident::parse_any)?);
        let list;
        bracketed!(list in input);
        let mut known = vec![];
        while !list.is_empty() {
            known.push(list.call(Ident::parse_any)?.to_string());
        }
        Ok((param, dictionary, known))
    };
    let error = match parser.parse2(input) {
        Err(error) => error,
        Ok((param, dictionary, known)) => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let hint = match nearest(&param.to_string(), &known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write `#[arg(long)]`, or `#[arg()]` for a positional".to_owned(),
            };
            syn::Error::new(
                param.span(),
                format!("`{param}` is not in `{dictionary}`, and this command is `strict`; {hint}"),
            )
        }
    };
    error.to_compile_error()
}
