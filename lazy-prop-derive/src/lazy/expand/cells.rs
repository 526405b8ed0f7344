//! The struct of cells and its `Home`, beside the impl block.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, GenericParam, Generics, ImplItemFn, ItemImpl, Lifetime, LifetimeParam, Member,
    Meta, Token, WhereClause, WherePredicate,
};

use super::targets::Targets;
use crate::lazy::analysis::Plan;
use crate::lazy::expand::self_type::{spell_generics, spelled};
use crate::lazy::model::home::Home;
use crate::lazy::model::returns::Returns;
use crate::lazy::syntax::plain;
use crate::runtime::{self, Runtime};
use crate::walk::{Node, Walk};

/// One cell, with its entries in the struct of cells and in `PROPERTIES`.
pub(crate) struct Cell {
    pub(crate) name: Ident,
    attrs: Vec<Attribute>,
    returns: Returns,
    is_changed_in_place: bool,
}

impl Cell {
    pub(crate) fn new(method: &ImplItemFn, returns: Returns, is_changed_in_place: bool) -> Self {
        let ImplItemFn { attrs, sig, .. } = method;
        Self {
            name: sig.ident.clone(),
            attrs: attrs.clone(),
            returns,
            is_changed_in_place,
        }
    }

    pub(crate) fn returns(&self) -> &Returns {
        &self.returns
    }

    /// The expression that tells whether `__cells` has its value.
    fn look(&self, runtime: Runtime) -> TokenStream {
        let name = &self.name;
        if self.returns.expires() {
            quote!(#runtime::Cell::is_computed(&__cells.#name))
        } else {
            quote!(__cells.#name.get().is_some())
        }
    }

    /// Whether it exists only under a `#[cfg]`.
    pub(crate) fn is_conditional(&self) -> bool {
        !cfgs(&self.attrs).is_empty()
    }
}

/// The struct of cells, and the `Home` that names it.
///
/// ```text
/// in:  impl Report { fn words(&self) -> usize { … } }
/// out: const _: () = {
///          pub struct __ReportCells { pub words: OnceCell<usize> }
///          impl Home<0> for Report { … }
///      };
/// ```
pub(crate) fn expand(
    block: &ItemImpl,
    home: &Home,
    plan: &Plan,
    targets: &Targets,
    cells: &[Cell],
) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    let mut block = block.clone();
    name_lifetimes(&mut block);
    spell_generics(&mut block);
    if let Some(bound) = &home.bound {
        bound_by(&mut block.generics, bound);
    }

    let own = &block.self_ty;
    let number = &home.number;
    let field = &home.field;
    let cells_name = format_ident!("__{}Cells", home.host);
    let (impl_generics, type_generics, where_clause) = block.generics.split_for_impl();
    let (marker, marker_value) = marker(&block.generics, runtime);

    let names: Vec<_> = cells.iter().map(|cell| &cell.name).collect();
    let shown: Vec<_> = names.iter().map(|name| name.unraw().to_string()).collect();
    let reads = shown.iter().map(|name| plan.graph.listed_reads(name));
    let reads = reads.map(|reads| list(&reads));
    let cleared_by = names.iter().map(|name| list(plan.cleared_by(name)));
    let docs = cells.iter().map(|cell| doc(&cell.attrs, runtime));
    let cfgs: Vec<_> = cells.iter().map(|cell| cfgs(&cell.attrs)).collect();
    let kept: Vec<_> = cells
        .iter()
        .map(|cell| spelled(cell.returns.cell(), &block))
        .collect();

    let kinds: Vec<_> = cells
        .iter()
        .map(|cell| cell.returns.cell_kind(home.sync))
        .collect();
    let kind_names: Vec<_> = kinds.iter().map(|kind| kind_name(kind.1)).collect();
    let mut imports = Vec::new();
    for kind in &kinds {
        if !imports.contains(kind) {
            imports.push(*kind);
        }
    }
    let imports = imports.into_iter().map(|(module, kind)| {
        let (name, kind) = (kind_name(kind), format_ident!("{kind}"));
        let module = format_ident!("{module}");
        quote!(#module::#kind as #name)
    });

    let clears = clears(targets, cells, runtime);
    let fields: Vec<_> = targets.fields().map(str::to_owned).collect();
    let fields = list(&fields);
    let methods: Vec<_> = plan.facts.sound_methods().map(str::to_owned).collect();
    let methods = list(&methods);

    let looks = cells.iter().map(|cell| cell.look(runtime));
    let computations = computations(field, runtime);
    // Each path is spelled once, because rustc reads the code of each property. The names cannot be
    // a user's, because the kept types are in the same scope. In `is_computed` a pattern with the
    // name of a user's constant would mean the constant.
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use #runtime::{NONE as __LazyNone, Property as __LazyProperty #(, #imports)*};

            #[doc(hidden)]
            #[allow(missing_docs, private_interfaces, dead_code)]
            pub struct #cells_name #impl_generics #where_clause {
                #(#(#cfgs)* pub #names: #kind_names<#kept>,)*
                #marker
            }

            #[automatically_derived]
            impl #impl_generics #runtime::Home<#number> for #own #where_clause {
                type Cells = #cells_name #type_generics;

                const EMPTY: Self::Cells = #cells_name {
                    #(#(#cfgs)* #names: #kind_names::new(),)*
                    #marker_value
                };

                const LIST: &'static [__LazyProperty] = &[
                    #(#(#cfgs)* __LazyProperty::new::<#kept>(#shown, #docs, #reads, #cleared_by),)*
                ];

                const FIELDS: &'static [&'static #runtime::core::primitive::str] = #fields;

                const METHODS: &'static [&'static #runtime::core::primitive::str] = #methods;

                #[inline]
                fn cells(&self) -> &Self::Cells {
                    &(*self).#field
                }

                #computations

                #[inline]
                fn clear_kept(&mut self) {
                    (*self).#field.clear();
                }

                #[inline]
                fn clear(__cells: &mut Self::Cells, __target: #runtime::core::primitive::usize) {
                    match __target {
                        #(#clears)*
                        _ => {}
                    }
                }

                #[inline]
                fn is_computed(
                    __cells: &Self::Cells,
                    __position: #runtime::core::primitive::usize,
                ) -> #runtime::core::primitive::bool {
                    [#(#(#cfgs)* #looks),*][__position]
                }
            }
        };
    }
}

/// The additions of the feature `stats`.
fn computations(field: &Member, runtime: Runtime) -> Option<TokenStream> {
    let counts = cfg!(feature = "stats");
    counts.then(|| {
        quote! {
            fn computations(&self) -> #runtime::core::primitive::u64 {
                (*self).#field.computations()
            }
        }
    })
}

/// The arms that clear the stale properties, by the number of the change.
fn clears(targets: &Targets, cells: &[Cell], runtime: Runtime) -> Vec<TokenStream> {
    let clears = targets.stale().enumerate().map(|(number, stale)| {
        let stale = cells
            .iter()
            .filter(|cell| stale.contains(&plain(&cell.name)));
        let clear = stale.map(|Cell { name, attrs, .. }| {
            let cfgs = cfgs(attrs);
            quote!(#(#cfgs)* #runtime::Cell::clear(&mut __cells.#name);)
        });
        quote!(#number => { #(#clear)* })
    });
    clears.collect()
}

/// The name of a runtime's cell inside the struct of cells.
fn kind_name(kind: &str) -> Ident {
    format_ident!("__Lazy{kind}")
}

/// Compares each kept value with a fresh one, for the feature `verify`.
///
/// It has the block's own bounds, because it calls the block's methods. This crate's feature tells
/// that some build of the runtime may ask for it. The runtime's macro tells whether this one does.
pub(crate) fn verify(block: &ItemImpl, home: &Home, cells: &[Cell]) -> TokenStream {
    if !cfg!(feature = "verify") {
        return TokenStream::new();
    }
    let runtime = runtime::path(Span::call_site());
    let (impl_generics, _, where_clause) = block.generics.split_for_impl();
    let own = &block.self_ty;
    let Home { number, field, .. } = home;
    let of_trait = block
        .trait_
        .as_ref()
        .map(|(path, _)| quote!(<Self as #path>));
    let owner = of_trait.unwrap_or_else(|| quote!(Self));
    // A test cannot await here. A value that expires is computed again anyway, and one that is
    // changed in place differs from a fresh one.
    let is_compared = |cell: &&Cell| {
        !cell.returns.is_async && !cell.returns.expires() && !cell.is_changed_in_place
    };
    let cells: Vec<_> = cells.iter().filter(is_compared).collect();
    let names = cells.iter().map(|cell| &cell.name);
    let shown = cells.iter().map(|cell| cell.name.unraw().to_string());
    let cfgs = cells.iter().map(|cell| cfgs(&cell.attrs));
    quote! {
        #runtime::if_verify! {
            #[automatically_derived]
            #[allow(deprecated, unused_must_use, unused_mut)]
            impl #impl_generics #runtime::Verify<#number> for #own #where_clause {
                fn verify(&mut self) -> #runtime::Vec<&'static #runtime::core::primitive::str> {
                    let mut __stale = #runtime::Vec::new();
                    let __kept = #runtime::core::mem::take(&mut self.#field);
                    #(#(#cfgs)* if let #runtime::core::option::Option::Some(__kept) = __kept.#names.get() {
                        use #runtime::{ByEq as _, Uncompared as _};
                        #owner::#names(self);
                        if !(&#runtime::Pair(__kept, self.#field.#names.get())).is_same() {
                            __stale.push(#shown);
                        }
                    })*
                    __stale
                }
            }
        }
    }
}

/// A list of names. rustc makes a constant for each list that is written out, but not for an empty
/// one.
fn list(names: &[String]) -> TokenStream {
    if names.is_empty() {
        quote!(__LazyNone)
    } else {
        quote!(&[#(#names),*])
    }
}

/// A field that uses every parameter, and changes neither variance, nor `Send`, nor drop.
fn marker(generics: &Generics, runtime: Runtime) -> (TokenStream, TokenStream) {
    let uses: Vec<_> = generics
        .params
        .iter()
        .filter_map(|param| match param {
            GenericParam::Lifetime(LifetimeParam { lifetime, .. }) => Some(quote!(&#lifetime ())),
            GenericParam::Type(ty) => {
                let ident = &ty.ident;
                Some(quote!(*const #ident))
            }
            GenericParam::Const(_) => None,
        })
        .collect();
    if uses.is_empty() {
        return Default::default();
    }
    let marker = quote!(#runtime::core::marker::PhantomData);
    (
        quote!(__parameters: #marker<fn() -> (#(#uses,)*)>,),
        quote!(__parameters: #marker,),
    )
}

/// The bounds of `#[lazy(bound = "…")]`, in place of the block's.
fn bound_by(generics: &mut Generics, bound: &Punctuated<WherePredicate, Token![,]>) {
    for param in &mut generics.params {
        match param {
            GenericParam::Type(ty) => ty.bounds.clear(),
            GenericParam::Lifetime(lifetime) => lifetime.bounds.clear(),
            GenericParam::Const(_) => {}
        }
    }
    let predicates = bound.clone();
    generics.where_clause = Some(WhereClause {
        where_token: <Token![where]>::default(),
        predicates,
    });
}

fn cfgs(attrs: &[Attribute]) -> Vec<&Attribute> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .collect()
}

/// The doc comment as one string expression: a literal, unless a macro writes a part of it.
fn doc(attrs: &[Attribute], runtime: Runtime) -> TokenStream {
    let docs = attrs.iter().filter(|attr| attr.path().is_ident("doc"));
    let lines = docs.filter_map(|attr| match &attr.meta {
        Meta::NameValue(pair) => Some(doc_line(&pair.value)),
        _ => None,
    });
    let lines: Vec<_> = lines.collect();
    let texts: Option<Vec<&str>> = lines.iter().map(|line| line.as_deref().ok()).collect();
    if let Some(texts) = texts {
        return texts.join("\n").into_token_stream();
    }
    let lines = lines.iter().map(|line| match line {
        Ok(text) => text.to_token_stream(),
        Err(value) => value.to_token_stream(),
    });
    let parts = lines
        .enumerate()
        .map(|(at, line)| if at == 0 { line } else { quote!("\n", #line) });
    quote!(#runtime::core::concat!(#(#parts),*))
}

/// The text of a line without the space after `///`, or the expression that makes it.
fn doc_line(value: &Expr) -> Result<String, &Expr> {
    match value {
        Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => {
            let text = text.value();
            Ok(text.strip_prefix(' ').unwrap_or(&text).to_owned())
        }
        value => Err(value),
    }
}

/// Gives a name to each `'_` of the own type, so that cells can mention it.
fn name_lifetimes(block: &mut ItemImpl) {
    let mut names = NameLifetimes(Vec::new());
    names.visit(Node::Type(&mut block.self_ty));
    for lifetime in names.0 {
        block
            .generics
            .params
            .insert(0, GenericParam::Lifetime(LifetimeParam::new(lifetime)));
    }
}

struct NameLifetimes(Vec<Lifetime>);

impl Walk for NameLifetimes {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Lifetime(lifetime) if lifetime.ident == "_" => {
                lifetime.ident = format_ident!("__lazy{}", self.0.len());
                self.0.push(lifetime.clone());
            }
            other => other.inside(self),
        }
    }
}
