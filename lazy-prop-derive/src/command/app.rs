//! `#[command]` on a struct: an app, whose fields are the options of all its commands.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::{Attribute, Field, Fields, ItemStruct, Meta, Type};

use super::attrs::{cfgs, is, take};
use super::docs::Docs;
use super::entry::set;
use super::names::local;
use super::param::Param;
use super::settings::{Place, Settings};
use super::{check, words};
use crate::errors::Errors;
use crate::runtime;

/// A field of the app, and where its value comes from.
enum Origin {
    Line(Box<Param>),
    /// The hidden field of `#[lazy]`.
    Cells(Ident),
}

/// Keeps the struct, and makes it an app beside it.
///
/// ```text
/// in:  struct App { #[arg(long)] db: PathBuf }
/// out: struct App { db: PathBuf }
///      impl command::App for App { fn call(…) … }
///      impl App { fn cli() -> Cli<Self> … }
/// ```
pub(super) fn expand(args: TokenStream, mut item: ItemStruct) -> TokenStream {
    let mut errors = Errors::default();
    let said = words::parse(args, &mut errors);
    let settings = Settings::new(&said, Place::App, &mut errors);
    check::app_is_not_generic(&item.generics, &mut errors);
    let is_generic = !item.generics.params.is_empty();
    let mut fields = fields(&mut item, &mut errors);
    let params = fields.iter().filter_map(Origin::param);
    check::names_are_different(params, &mut errors);
    references(&mut fields, &settings, &mut errors);
    if let Some(prefix) = &settings.env_prefix {
        for field in &mut fields {
            if let Origin::Line(param) = field {
                param.give_variable(prefix);
            }
        }
    }
    let app = (!is_generic).then(|| {
        let is_whole = errors.count() == 0;
        app(&item, &settings, &fields, is_whole)
    });
    let errors = errors.finish();
    quote!(#item #app #errors)
}

impl Origin {
    fn param(&self) -> Option<&Param> {
        match self {
            Self::Line(param) if param.arg.skip.is_none() => Some(param),
            _ => None,
        }
    }
}

/// Looks for names that no option of the app has. Names that a struct or a dictionary may add are checked
/// when the program starts.
fn references(fields: &mut [Origin], settings: &Settings, errors: &mut Errors) {
    let params: Vec<&Param> = fields.iter().filter_map(Origin::param).collect();
    let options = settings.options.as_ref();
    let more = |param: &&Param| param.is_flat || param.dictionary(options).is_some();
    if !params.iter().any(more) {
        return check::references(&params, &settings.groups, errors);
    }
    let names: Vec<String> = params.iter().map(|param| param.names.id.clone()).collect();
    for field in fields {
        if let Origin::Line(param) = field {
            param.check_later(&names);
        }
    }
}

fn fields(item: &mut ItemStruct, errors: &mut Errors) -> Vec<Origin> {
    let mut origins = vec![];
    match &mut item.fields {
        Fields::Named(fields) => {
            for field in &mut fields.named {
                origins.extend(origin(field, errors));
            }
        }
        Fields::Unit => {}
        Fields::Unnamed(fields) => {
            errors.at(
                fields,
                "an option of an app needs a name: write a struct with named fields",
            );
        }
    }
    if let Some(name) = cells_to_come(&item.attrs) {
        let is_there = origins
            .iter()
            .any(|origin| matches!(origin, Origin::Cells(cells) if *cells == name));
        if !is_there {
            origins.push(Origin::Cells(name));
        }
    }
    origins
}

fn origin(field: &mut Field, errors: &mut Errors) -> Option<Origin> {
    let name = field.ident.clone()?;
    if is_cells(&field.ty) {
        take(&mut field.attrs, "arg");
        return Some(Origin::Cells(name));
    }
    Param::of_app(field, errors).map(|param| Origin::Line(Box::new(param)))
}

/// `Lazy<Self>`, by whatever path.
fn is_cells(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| {
        last.ident == "Lazy" && !last.arguments.is_none()
    }))
}

/// The name of the field that a `#[lazy]` below will add.
fn cells_to_come(attrs: &[Attribute]) -> Option<Ident> {
    let lazy = attrs.iter().find(|attr| is(attr.path(), "lazy"))?;
    let named = match &lazy.meta {
        Meta::List(list) => named_field(list.tokens.clone()),
        _ => None,
    };
    Some(named.unwrap_or_else(|| format_ident!("lazy")))
}

/// `name` of `field = name`.
fn named_field(tokens: TokenStream) -> Option<Ident> {
    let mut tokens = tokens.into_iter();
    tokens.find(|token| matches!(token, TokenTree::Ident(word) if word == "field"))?;
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Punct(_)), Some(TokenTree::Ident(name))) => Some(name),
        _ => None,
    }
}

fn app(item: &ItemStruct, settings: &Settings, fields: &[Origin], is_whole: bool) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    let (name, vis, cfgs) = (&item.ident, &item.vis, cfgs(&item.attrs));
    let call = local("call");
    let body = if is_whole {
        body(item, settings, fields, &call)
    } else {
        quote!(#runtime::core::unreachable!())
    };
    let docs = format!(
        "The command line of `{name}`: its fields are the options, the marked methods the commands."
    );
    let cli =
        quote_spanned!(name.span()=> #runtime::command::Cli::<Self>::of_app(#runtime::meta!()));
    quote! {
        #(#cfgs)*
        const _: () = {
            #[automatically_derived]
            #[allow(deprecated, unused_variables, non_snake_case)]
            impl #runtime::command::App for #name {
                fn call(
                    #call: &mut #runtime::command::Call,
                ) -> #runtime::core::result::Result<Self, #runtime::command::Stop> {
                    #body
                }
            }
        };
        #(#cfgs)*
        impl #name {
            #[doc = #docs]
            #[allow(unreachable_pub, dead_code)]
            #vis fn cli() -> #runtime::command::Cli<Self> {
                #cli
            }
        }
    }
}

fn body(item: &ItemStruct, settings: &Settings, fields: &[Origin], call: &Ident) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    let docs = Docs::of(&item.attrs, settings.verbatim_docs);
    let (about, long) = (&docs.short, &docs.long);
    let about = (!docs.is_empty()).then(|| quote!(.about(#about)));
    let long = (!long.is_empty()).then(|| quote!(.long_about(#long)));
    let calls: Vec<TokenStream> = about
        .into_iter()
        .chain(long)
        .chain(settings.shown.iter().chain(&settings.chosen).cloned())
        .collect();
    let (first, last) = (set(call, &calls), set(call, &settings.last));
    let mut taken = vec![];
    let mut given = vec![];
    for field in fields {
        match field {
            Origin::Cells(name) => given.push(quote!(#name: #runtime::Lazy::new())),
            Origin::Line(param) => {
                let name = &param.ident;
                let value = param.skipped().unwrap_or_else(|| {
                    taken.push(param.take(call, settings.options.as_ref(), false));
                    param.give()
                });
                given.push(quote!(#name: #value));
            }
        }
    }
    quote! {
        use #runtime::command::ladders::*;
        #first
        #(#taken)*
        #last
        #call.done()?;
        #runtime::core::result::Result::Ok(Self { #(#given),* })
    }
}
