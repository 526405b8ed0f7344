//! The struct of cells and its `Home`, beside the impl block.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Attribute, Generics, ImplItemFn, ItemImpl, Member};

use super::generics::{bound_by, marker, name_lifetimes};
use super::targets::Targets;
use super::texts;
use crate::lazy::analysis::Plan;
use crate::lazy::expand::self_type::{spell_generics, spelled};
use crate::lazy::model::home::Home;
use crate::lazy::model::returns::Returns;
use crate::lazy::syntax::{mentions, plain};
use crate::runtime::{self, Runtime};
use crate::sorted::Set;

/// One cell, of a property.
pub(crate) struct Cell {
    pub(crate) name: Ident,
    pub(super) attrs: Vec<Attribute>,
    returns: Returns,
    pub(super) is_changed_in_place: bool,
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

    let empty = quote!(<Self as #runtime::Home<#number>>::EMPTY);
    let clears = clears(targets, cells, &empty, runtime);
    let texts = texts::of(plan, targets, cells);
    let count = count(cells, &cfgs);
    let lent = lent(field, cells, &block.generics);
    let computations = computations(field, runtime);
    // The names of the imports cannot be a user's, because the kept types are in the same scope.
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use #runtime::{#(#imports),*};

            #[doc(hidden)]
            #[allow(missing_docs, private_interfaces, dead_code)]
            pub struct #cells_name #impl_generics #where_clause {
                #(#(#cfgs)* pub #names: #kind_names<#kept>,)*
                #marker
            }

            #[doc(hidden)]
            #[automatically_derived]
            impl #impl_generics #runtime::Home<#number> for #own #where_clause {
                type Cells = #cells_name #type_generics;

                const EMPTY: Self::Cells = #cells_name {
                    #(#(#cfgs)* #names: #kind_names::new(),)*
                    #marker_value
                };

                const TEXTS: &'static [&'static #runtime::core::primitive::str] = &[#texts];

                type Count = [(); #count];

                #[inline]
                fn cells(&self) -> &Self::Cells {
                    #lent
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
                fn cell(
                    __cells: &Self::Cells,
                    __position: #runtime::core::primitive::usize,
                ) -> &dyn #runtime::Cell {
                    let __all: &[&dyn #runtime::Cell] = &[#(#(#cfgs)* &__cells.#names),*];
                    __all[__position]
                }
            }
        };
    }
}

/// The cells of `self`. An error about a lifetime underlines the kept type that has it.
fn lent(field: &Member, cells: &[Cell], generics: &Generics) -> TokenStream {
    let lifetimes: Vec<_> = generics.lifetimes().map(|param| &param.lifetime).collect();
    let has_lifetime = |cell: &&Cell| mentions(&cell.returns.cell(), &lifetimes);
    let place = cells.iter().find(has_lifetime);
    let span = place.map_or_else(Span::call_site, |cell| cell.returns.place());
    let mut field = field.clone();
    if let Member::Named(name) = &mut field {
        name.set_span(name.span().located_at(span));
    }
    let span = runtime::generated(span);
    quote_spanned!(span=> &(*self).#field)
}

/// The number of properties, which depends on their `#[cfg]`s.
fn count(cells: &[Cell], cfgs: &[Vec<&Attribute>]) -> TokenStream {
    if cells.iter().any(Cell::is_conditional) {
        return quote!({ <[()]>::len(&[#(#(#cfgs)* (),)*]) });
    }
    Literal::usize_unsuffixed(cells.len()).into_token_stream()
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

/// The arms that clear the stale properties, by the number of the change. Each expression that names a
/// cell costs rustc much, so changes that clear the same share an arm, and one that clears
/// everything names none.
fn clears(
    targets: &Targets,
    cells: &[Cell],
    empty: &TokenStream,
    runtime: Runtime,
) -> Vec<TokenStream> {
    let mut arms: Vec<(&Set<String>, Vec<usize>)> = Vec::new();
    for (number, stale) in targets.stale().enumerate() {
        match arms.iter_mut().find(|(other, _)| *other == stale) {
            Some((_, numbers)) => numbers.push(number),
            None => arms.push((stale, vec![number])),
        }
    }
    let arms = arms.iter().filter(|(stale, _)| !stale.is_empty());
    let clears = arms.map(|(stale, numbers)| {
        let is_stale = |cell: &&Cell| stale.contains(&plain(&cell.name));
        if cells.iter().all(|cell| is_stale(&cell)) {
            return quote!(#(#numbers)|* => *__cells = #empty,);
        }
        let clear = cells
            .iter()
            .filter(is_stale)
            .map(|Cell { name, attrs, .. }| {
                let cfgs = cfgs(attrs);
                quote!(#(#cfgs)* #runtime::Cell::clear(&mut __cells.#name);)
            });
        quote!(#(#numbers)|* => { #(#clear)* })
    });
    clears.collect()
}

/// The name of a runtime's cell inside the struct of cells.
fn kind_name(kind: &str) -> Ident {
    format_ident!("__Lazy{kind}")
}

pub(super) fn cfgs(attrs: &[Attribute]) -> Vec<&Attribute> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .collect()
}
