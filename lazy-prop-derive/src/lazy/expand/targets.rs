//! Numbers for the targets of changes, so that each place that clears is a short call.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use crate::lazy::analysis::Plan;
use crate::lazy::analysis::graph::Target;
use crate::lazy::model::home::Home;
use crate::runtime;
use crate::sorted::Set;

/// The targets that a block clears. The position of each is its number.
pub(crate) struct Targets {
    known: Vec<(Target, Set<String>)>,
    /// In a block that is not the home, the numbers are the home's, found at compile time.
    home: Option<TokenStream>,
}

impl Targets {
    pub(crate) fn new(plan: &Plan, home: &Home) -> Self {
        let targets = plan.targets().into_iter();
        let targets = targets.map(|target| {
            let stale = plan.graph.stale_by(&target);
            (target, stale)
        });
        let Home { number, .. } = home;
        let runtime = runtime::path(Span::call_site());
        Self {
            known: targets.collect(),
            home: home
                .is_also
                .then(|| quote!(<Self as #runtime::Home<#number>>)),
        }
    }

    pub(crate) fn number(&self, target: &Target) -> TokenStream {
        if let Some(home) = &self.home {
            return number_in(home, target);
        }
        let position = |target: &Target| self.known.iter().position(|(known, _)| known == target);
        // A field that no property reads by its name.
        let other = || position(&Target::Field(String::new()));
        let position = position(target).or_else(other).unwrap_or_default();
        Literal::usize_unsuffixed(position).into_token_stream()
    }

    /// The statement that clears a target of `host`.
    pub(crate) fn clear(
        &self,
        host: &Ident,
        field: &TokenStream,
        target: &Target,
        span: Span,
    ) -> TokenStream {
        let number = self.number(target);
        quote_spanned!(span=> #host.#field.clear_target(#number);)
    }

    /// The properties that each target makes stale.
    pub(crate) fn stale(&self) -> impl Iterator<Item = &Set<String>> {
        self.known.iter().map(|(_, stale)| stale)
    }

    /// The fields among the targets, which come first.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        self.known.iter().filter_map(|(target, _)| match target {
            Target::Field(field) => Some(field.as_str()),
            _ => None,
        })
    }
}

/// The number that a target has in the home.
fn number_in(home: &TokenStream, target: &Target) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    match target {
        Target::Field(field) => quote!(const { #runtime::target_of(#home::TEXTS, #field) }),
        Target::Unseen(method) => {
            quote!(const { #runtime::target_unless(#home::TEXTS, #method) })
        }
        Target::All | Target::Listed(_) => quote!(const { #runtime::target_of_all(#home::TEXTS) }),
    }
}
