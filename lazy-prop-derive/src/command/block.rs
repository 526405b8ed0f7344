//! `#[command]` on an impl block: its marked methods are the commands of an app.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, ImplItem, ImplItemFn, ItemImpl};

use super::attrs::{cfgs, take};
use super::entry::Command;
use super::names;
use super::settings::{Place, Settings};
use super::{check, words};
use crate::errors::Errors;
use crate::runtime;

/// Keeps the block, and lists its commands beside it.
///
/// ```text
/// in:  impl App { #[command] fn remove(&self, service: String) { … } }
/// out: impl App { fn remove(&self, service: String) { … } }
///      impl Declared<remove_with_command_on_fn_and_use> for App { … }
///      impl OneBlockOfCommands for App { const ENTRIES: &[Entry] = &[…]; }
/// ```
pub(super) fn expand(args: TokenStream, mut block: ItemImpl) -> TokenStream {
    let mut errors = Errors::default();
    let said = words::parse(args, &mut errors);
    let settings = Settings::new(&said, Place::Block, &mut errors);
    check::app_is_not_generic(&block.generics, &mut errors);
    let is_generic = !block.generics.params.is_empty();
    let mut methods = vec![];
    for item in &mut block.items {
        match item {
            ImplItem::Fn(method) => methods.extend(declared(method, &settings, &mut errors)),
            other => misplaced(other, &mut errors),
        }
    }
    if methods.is_empty() && errors.count() == 0 {
        errors.at(
            &block.self_ty,
            "no method of this block is a command: write `#[command]` on those that are",
        );
    }
    let list = (!is_generic).then(|| list(&block, &methods));
    let errors = errors.finish();
    quote!(#block #list #errors)
}

fn list(block: &ItemImpl, methods: &[Method]) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    let app = &block.self_ty;
    let cfgs = cfgs(&block.attrs);
    let declared = methods.iter().map(|method| {
        let Method {
            name,
            cfgs,
            members,
        } = method;
        quote! {
            #(#cfgs)*
            #[allow(non_camel_case_types)]
            enum #name {}
            #(#cfgs)*
            #[automatically_derived]
            #[allow(deprecated, non_snake_case)]
            impl #runtime::command::Declared<#name> for #app { #members }
        }
    });
    let entries = methods.iter().map(
        |Method { name, cfgs, .. }| quote!(#(#cfgs)* #runtime::command::Entry::of::<Self, #name>()),
    );
    let methods = quote_spanned! {app.span()=>
        impl #runtime::command::OneBlockOfCommands for #app {
            const ENTRIES: &'static [#runtime::command::Entry] = &[#(#entries),*];
        }
    };
    quote! {
        #(#cfgs)*
        const _: () = {
            #(#declared)*
            #[automatically_derived]
            #methods
        };
    }
}

/// A marked method, under the name of a type that stands for it.
struct Method {
    name: Ident,
    cfgs: Vec<Attribute>,
    members: TokenStream,
}

/// The declaration of a marked method. One that breaks a rule stays a plain method, and has none.
fn declared(method: &mut ImplItemFn, block: &Settings, errors: &mut Errors) -> Option<Method> {
    let markers = take(&mut method.attrs, "command");
    let (_, again) = markers.split_first()?;
    for again in again {
        errors.at(again, "`#[command]` stands twice: remove one");
    }
    let before = errors.count();
    let mut settings = of_marker(&markers[0], errors);
    settings.inherit(block);
    check::receiver_is_borrowed(&method.sig, errors);
    let command = Command::new(settings, &method.attrs, &mut method.sig, errors);
    if errors.count() > before {
        return None;
    }
    method.attrs.push(Command::allowed());
    let name = &method.sig.ident;
    Some(Method {
        members: command.declared(Some(&quote!(Self::#name))),
        name: names::declared(name),
        cfgs: cfgs(&method.attrs),
    })
}

fn of_marker(marker: &Attribute, errors: &mut Errors) -> Settings {
    let said = words::of(std::slice::from_ref(marker), errors);
    Settings::new(&said, Place::Command, errors)
}

fn misplaced(item: &mut ImplItem, errors: &mut Errors) {
    let attrs = match item {
        ImplItem::Const(item) => &mut item.attrs,
        ImplItem::Type(item) => &mut item.attrs,
        ImplItem::Macro(item) => &mut item.attrs,
        _ => return,
    };
    for marker in take(attrs, "command") {
        errors.at(marker, "only a method or a function can be a command");
    }
}
