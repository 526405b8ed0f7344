//! What changes make stale, by numbers: so a place where something is cleared is a short call.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;
use syn::Member;

use crate::lazy::analysis::Plan;
use crate::lazy::analysis::graph::Target;

/// The targets that a block clears; the position of each is its number.
pub(crate) struct Targets(Vec<(Target, BTreeSet<String>)>);

impl Targets {
    pub(crate) fn new(plan: &Plan) -> Self {
        let targets = plan.targets().into_iter();
        let targets = targets.map(|target| {
            let stale = plan.graph.stale_by(&target);
            (target, stale)
        });
        Self(targets.collect())
    }

    pub(crate) fn number(&self, target: &Target) -> Literal {
        let position = self.0.iter().position(|(known, _)| known == target);
        Literal::usize_unsuffixed(position.unwrap_or_default())
    }

    /// The statement that clears a target of `host`.
    pub(crate) fn clear(
        &self,
        host: &Ident,
        field: &Member,
        target: &Target,
        span: Span,
    ) -> TokenStream {
        let number = self.number(target);
        quote_spanned!(span=> #host.#field.clear_target(#number);)
    }

    /// The properties that each target makes stale.
    pub(crate) fn stale(&self) -> impl Iterator<Item = &BTreeSet<String>> {
        self.0.iter().map(|(_, stale)| stale)
    }
}
