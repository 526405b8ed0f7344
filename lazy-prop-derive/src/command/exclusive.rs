//! `#[command(exclusive)]` on an enum: its variants are options, of which a line has one.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::{Field, Fields, ItemEnum, Type, Variant, parse_quote_spanned};

use super::attrs::cfgs;
use super::names::local;
use super::param::Param;
use super::{check, words};
use crate::errors::Errors;
use crate::runtime;

/// Whether the attribute asks for it.
pub(super) fn is_asked(args: &TokenStream) -> bool {
    let first = args.clone().into_iter().next();
    matches!(first, Some(TokenTree::Ident(word)) if word == "exclusive")
}

/// Keeps the enum, and reads it beside it.
///
/// ```text
/// in:  enum Form { Json, Named(String) }
/// out: enum Form { Json, Named(String) }
///      impl Exclusive for Form { fn call(…) … one_of([json.then(…), named.map(…)]) }
/// ```
pub(super) fn expand(args: TokenStream, mut item: ItemEnum) -> TokenStream {
    let mut errors = Errors::default();
    for word in words::parse(args, &mut errors) {
        if word.key != "exclusive" {
            errors.at(
                &word.key,
                "an enum of options takes `exclusive` alone; write everything else on its variants",
            );
        }
    }
    for param in &item.generics.params {
        errors.at(
            param,
            "an enum of options cannot be generic: use concrete types",
        );
    }
    let options: Vec<Choice> = item
        .variants
        .iter_mut()
        .filter_map(|variant| Choice::new(&item.ident, variant, &mut errors))
        .collect();
    check::names_are_different(options.iter().map(|option| &option.param), &mut errors);
    let declared = (errors.count() == 0).then(|| declared(&item, &options));
    let errors = errors.finish();
    quote!(#item #declared #errors)
}

/// A variant and its option.
struct Choice {
    variant: Ident,
    has_value: bool,
    param: Param,
}

impl Choice {
    fn new(of: &Ident, variant: &mut Variant, errors: &mut Errors) -> Option<Self> {
        let (ty, has_value) = value(variant, errors)?;
        let name = snake(&variant.ident);
        let field = Field::parse_named.parse2(quote!(#name: #ty));
        let mut field = field.unwrap_or_else(|_| unreachable!("it is a name and a type"));
        field.attrs = std::mem::take(&mut variant.attrs);
        let param = Param::of_app(&mut field, errors);
        variant.attrs = field.attrs;
        let mut param = param?;
        param.name_long();
        // A parameter of the command may have the name of the variant.
        param.names.id = format!("{of}_{}", variant.ident);
        Some(Self {
            variant: variant.ident.clone(),
            has_value,
            param,
        })
    }
}

/// The type of the option: a flag for a variant without a value.
fn value(variant: &Variant, errors: &mut Errors) -> Option<(Type, bool)> {
    let runtime = runtime::path(Span::call_site());
    match &variant.fields {
        Fields::Unit => Some((parse_quote_spanned!(variant.ident.span()=> bool), false)),
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let ty = &fields.unnamed[0].ty;
            let maybe = parse_quote_spanned!(ty.span()=> #runtime::core::option::Option<#ty>);
            Some((maybe, true))
        }
        fields => {
            errors.at(
                fields,
                "a variant has one value or none; several values are a tuple: `Point((f64, f64))`",
            );
            None
        }
    }
}

/// `PlainText` as `plain_text`.
fn snake(variant: &Ident) -> Ident {
    let mut name = String::new();
    for (at, letter) in variant.to_string().trim_start_matches("r#").char_indices() {
        if letter.is_uppercase() && at > 0 {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    // Keywords are names here. These three cannot be raw, and a long name has no `_` at its end.
    if ["crate", "self", "super"].contains(&&*name) {
        name.push('_');
    }
    Ident::new_raw(&name, variant.span())
}

fn declared(item: &ItemEnum, options: &[Choice]) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    let (name, cfgs) = (&item.ident, cfgs(&item.attrs));
    let (call, choice) = (local("call"), local("choice"));
    let taken = options
        .iter()
        .map(|option| option.param.take(&call, None, false));
    let given = options.iter().map(|option| {
        let (variant, value) = (&option.variant, option.param.give());
        if option.has_value {
            return quote!(#runtime::core::option::Option::map(#value, Self::#variant));
        }
        quote_spanned!(variant.span()=> if #value {
            #runtime::core::option::Option::Some(Self::#variant)
        } else {
            #runtime::core::option::Option::None
        })
    });
    let names: Vec<String> = options.iter().map(|option| option.param.option()).collect();
    let (names, group) = (names.join(", "), name.to_string());
    quote! {
        #(#cfgs)*
        const _: () = {
            #[automatically_derived]
            #[allow(deprecated, non_snake_case)]
            impl #runtime::command::Exclusive for #name {
                fn call(
                    #call: &mut #runtime::command::Call,
                    required: bool,
                ) -> #runtime::core::option::Option<Self> {
                    use #runtime::command::ladders::*;
                    let #choice = #call.begin_choice(required);
                    #(#taken)*
                    if !#call.end_choice(&#choice, #group) {
                        return #runtime::core::option::Option::None;
                    }
                    #call.one_of(&#choice, #names, [#(#given),*])
                }
            }
        };
    }
}
