//! `#[command]` on a struct: an app, whose fields are the options of all its commands.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::{Attribute, Field, Fields, ItemStruct, Meta, Type};

use super::docs::Docs;
use super::param::Param;
use super::settings::{Place, Settings, closure};
use super::{cfgs, check, is, local, words};
use crate::errors::Errors;
use crate::runtime;

/// A field of the app, and where its value comes from.
enum Origin {
    Line(Box<Param>),
    /// The hidden field of `#[lazy]`.
    Cells(Ident),
}

/// Leaves the struct what it was, and makes it an app beside.
///
/// ```text
/// in:  struct App { #[arg(long)] db: PathBuf }
/// out: struct App { db: PathBuf }
///      impl command::App for App { fn build(…) … fn read(…) … }
///      impl App { fn cli() -> Cli<Self> … }
/// ```
pub(super) fn expand(args: TokenStream, mut item: ItemStruct) -> TokenStream {
    let mut errors = Errors::default();
    let said = words::parse(args, &mut errors);
    let settings = Settings::new(&said, Place::App, &mut errors);
    check::app_is_not_generic(&item.generics, &mut errors);
    let is_generic = !item.generics.params.is_empty();
    let fields = fields(&mut item, &mut errors);
    let params = fields.iter().filter_map(Origin::param);
    check::names_are_different(params, &mut errors);
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
                "the options of an app have names: write a struct with named fields",
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
        super::take(&mut field.attrs, "arg");
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

/// The name of the field that a `#[lazy]` below is going to add.
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
    let (build, read) = if is_whole {
        (build(item, settings, fields), read(fields))
    } else {
        let command = local("command");
        (quote!(#command), quote!(#runtime::core::unreachable!()))
    };
    let command = local("command");
    let matches = local("matches");
    let docs = format!(
        "The command line of `{name}`: its fields are the options, the marked methods the commands."
    );
    let cli =
        quote_spanned!(name.span()=> #runtime::command::Cli::<Self>::of_app(#runtime::meta!()));
    quote! {
        #(#cfgs)*
        const _: () = {
            #[automatically_derived]
            #[allow(deprecated, unused_variables)]
            impl #runtime::command::App for #name {
                fn build(#command: #runtime::command::Clap) -> #runtime::command::Clap {
                    #build
                }

                fn read(
                    #matches: &mut #runtime::command::Taken,
                ) -> #runtime::core::result::Result<Self, #runtime::command::Stop> {
                    #read
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

fn build(item: &ItemStruct, settings: &Settings, fields: &[Origin]) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    let builder = local("builder");
    let docs = Docs::of(&item.attrs, settings.verbatim_docs);
    let (about, long) = (&docs.short, &docs.long);
    let about = (!docs.is_empty()).then(|| quote!(.about(#about)));
    let long = (!long.is_empty()).then(|| quote!(.long_about(#long)));
    let calls: Vec<TokenStream> = about
        .into_iter()
        .chain(long)
        .chain(settings.shown.iter().chain(&settings.chosen).cloned())
        .collect();
    let set = closure(&calls);
    let last = closure(&settings.last);
    let params = fields.iter().filter_map(Origin::param);
    let params = params.map(|param| param.build(&builder, settings.options.as_ref(), false));
    let command = local("command");
    quote! {
        use #runtime::command::ladders::*;
        let mut #builder = #runtime::command::Builder::of_app(#command);
        #builder.with(#set);
        #(#params)*
        #builder.with(#last);
        #builder.finish()
    }
}

fn read(fields: &[Origin]) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    let matches = local("matches");
    let held = |i: usize| local(&format!("held_{i}"));
    let mut taken = vec![];
    let mut given = vec![];
    for (i, field) in fields.iter().enumerate() {
        match field {
            Origin::Cells(name) => given.push(quote!(#name: #runtime::Lazy::new())),
            Origin::Line(param) => {
                let name = &param.ident;
                let value = param.skipped().unwrap_or_else(|| {
                    taken.push(param.take(&held(i), &matches));
                    param.give(&held(i))
                });
                given.push(quote!(#name: #value));
            }
        }
    }
    quote! {
        use #runtime::command::ladders::*;
        #(#taken)*
        #matches.done()?;
        #runtime::core::result::Result::Ok(Self { #(#given),* })
    }
}
