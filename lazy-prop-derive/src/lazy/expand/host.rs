//! `#[lazy]` on a struct: the hidden field.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Field, Fields, GenericArgument, ItemStruct, Lifetime, Member, Meta, Path,
    PathArguments, Token, Type, Visibility, parse_quote,
};

use crate::errors::Errors;
use crate::lazy::model::options::{Options, Place};
use crate::runtime;
use crate::walk::{Node, Walk};

/// Adds the hidden field, unless the user wrote it, and hides it from the derives that would not
/// know it.
///
/// ```text
/// in:  struct Report { text: String }
/// out: struct Report { text: String, lazy: Lazy<Self> }
/// ```
pub(crate) fn expand(args: TokenStream, mut item: ItemStruct) -> TokenStream {
    let mut errors = Errors::default();
    let options = Options::parse(args, Place::Struct, &mut errors);
    refuse_copy(&mut item, &mut errors);
    if options.strict.is_some() {
        refuse_open_fields(&item, &mut errors);
    }
    match hidden_field(&options, &item) {
        Ok(Some(field)) => add(&mut item.fields, field),
        Ok(None) => {}
        Err(error) => errors.push(error),
    }
    let skips = skips(&item.attrs);
    for field in item.fields.iter_mut().filter(|field| is_lazy_field(field)) {
        field.attrs.extend(skips.iter().cloned());
    }
    let errors = errors.finish();
    quote!(#item #errors)
}

/// The field to add, or `None` if it exists.
fn hidden_field(options: &Options, item: &ItemStruct) -> syn::Result<Option<Field>> {
    let name = match &options.field {
        Some((_, Member::Named(name))) => name.clone(),
        Some((_, Member::Unnamed(index))) => {
            return Err(syn::Error::new(
                index.span,
                "write the field of a tuple struct by hand, as `Lazy<Self>`, and its number on the impl block",
            ));
        }
        None => format_ident!("lazy"),
    };
    match &item.fields {
        Fields::Named(fields) => {
            let named = |field: &&Field| field.ident.as_ref() == Some(&name);
            let by_hand = fields.named.iter().find(named);
            if let Some(other) = by_hand.filter(|field| is_of_std(&field.ty)) {
                return Err(syn::Error::new_spanned(
                    &other.ident,
                    format!(
                        "the hidden field has this name too: write `#[lazy(field = cells)]` here and on the impl block, or rename `{name}`"
                    ),
                ));
            }
            let runtime = runtime::path(Span::call_site());
            let host = host(options, item);
            // An editor shows this where E0063 says that a literal lacks the field.
            let doc = format!(
                " The kept values of the properties, added by `#[lazy]`. A literal outside of the `#[lazy]` block says `{name}: Default::default()`."
            );
            Ok(by_hand
                .is_none()
                .then(|| parse_quote!(#[doc = #doc] #name: #runtime::Lazy<#host>)))
        }
        Fields::Unnamed(fields) if fields.unnamed.iter().any(is_lazy_field) => Ok(None),
        Fields::Unnamed(fields) => Err(syn::Error::new_spanned(
            fields,
            format!(
                "a tuple struct needs the field written by hand: add `Lazy<Self>`, and write `#[lazy(field = {})]` on the impl block",
                fields.unnamed.len()
            ),
        )),
        Fields::Unit => Err(syn::Error::new_spanned(
            &item.ident,
            format!(
                "a unit struct has no place for the field: write `struct {} {{}}`",
                item.ident
            ),
        )),
    }
}

/// Whether a type is a well-known one, and so not that of the hidden field.
fn is_of_std(ty: &Type) -> bool {
    const KNOWN: [&str; 25] = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
        "u32", "u64", "u128", "usize", "Arc", "Box", "Option", "PathBuf", "Rc", "Result", "String",
        "Vec", "Cell",
    ];
    match ty {
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| KNOWN.iter().any(|name| last.ident == name))
        }
        _ => true,
    }
}

/// `Self`, or for `covariant` the struct with `'static` for each lifetime.
fn host(options: &Options, item: &ItemStruct) -> Type {
    if options.covariant.is_none() {
        return parse_quote!(Self);
    }
    let name = &item.ident;
    let (_, generics, _) = item.generics.split_for_impl();
    let mut host = parse_quote!(#name #generics);
    Static.visit(Node::Type(&mut host));
    host
}

struct Static;

impl Walk for Static {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Lifetime(lifetime) => *lifetime = Lifetime::new("'static", lifetime.span()),
            other => other.inside(self),
        }
    }
}

fn add(fields: &mut Fields, field: Field) {
    if let Fields::Named(fields) = fields {
        fields.named.push(field);
    }
}

/// A field of type `Lazy<Self>`, `Lazy<Self, 1>`, `Lazy<Host<'static>>`.
fn is_lazy_field(field: &Field) -> bool {
    let Type::Path(ty) = &field.ty else {
        return false;
    };
    ty.path.segments.last().is_some_and(|last| {
        let PathArguments::AngleBracketed(list) = &last.arguments else {
            return false;
        };
        last.ident == "Lazy"
            && matches!(
                list.args.first(),
                Some(GenericArgument::Type(Type::Path(_)))
            )
    })
}

/// Removes `Copy` from the derives, and reports it.
fn refuse_copy(item: &mut ItemStruct, errors: &mut Errors) {
    for attr in &mut item.attrs {
        if !attr.path().is_ident("derive") {
            continue;
        }
        let (copies, others): (Vec<_>, Vec<_>) = list::<Path>(&attr.meta)
            .into_iter()
            .partition(|path| path.is_ident("Copy"));
        for copy in &copies {
            errors.at(
                copy,
                "a host cannot be `Copy`, because a copy would lose its kept values: derive only `Clone`",
            );
        }
        if !copies.is_empty() {
            *attr = parse_quote!(#[derive(#(#others),*)]);
        }
    }
}

/// No `pub`, or `pub(self)`.
fn is_private(vis: &Visibility) -> bool {
    match vis {
        Visibility::Inherited => true,
        Visibility::Restricted(vis) => vis.path.is_ident("self"),
        Visibility::Public(_) => false,
    }
}

/// No method of the block can see a change from outside of the module.
fn refuse_open_fields(item: &ItemStruct, errors: &mut Errors) {
    for field in &item.fields {
        if !is_private(&field.vis) {
            errors.at(
                &field.vis,
                "`strict` refuses a field that other code can change: make it private, and write a setter",
            );
        }
    }
}

/// The `skip` attributes for the derives that read or write fields, under the derives' own
/// conditions.
fn skips(attrs: &[Attribute]) -> Vec<Attribute> {
    let metas = attrs.iter().flat_map(|attr| skips_for(&attr.meta));
    metas.map(|meta| parse_quote!(#[#meta])).collect()
}

fn skips_for(meta: &Meta) -> Vec<Meta> {
    let mut skips: Vec<Meta> = Vec::new();
    if meta.path().is_ident("derive") {
        let derives = list::<Path>(meta);
        let has = |names: [&str; 2]| {
            let last = derives.iter().filter_map(|path| path.segments.last());
            last.into_iter()
                .any(|last| names.iter().any(|name| last.ident == name))
        };
        if has(["Serialize", "Deserialize"]) {
            skips.push(parse_quote!(serde(skip)));
        }
        if has(["Parser", "Args"]) {
            skips.push(parse_quote!(arg(skip)));
        }
    } else if meta.path().is_ident("cfg_attr") {
        if let Some((condition, under)) = list::<Meta>(meta).split_first() {
            for skip in under.iter().flat_map(skips_for) {
                skips.push(parse_quote!(cfg_attr(#condition, #skip)));
            }
        }
    }
    skips
}

/// The list in `name(a, b)`, or nothing if it cannot be parsed.
fn list<T: syn::parse::Parse>(meta: &Meta) -> Vec<T> {
    let Meta::List(list) = meta else {
        return Vec::new();
    };
    let parser = Punctuated::<T, Token![,]>::parse_terminated;
    parser
        .parse2(list.tokens.clone())
        .map(|items| items.into_iter().collect())
        .unwrap_or_default()
}
