//! Assignments and borrows.

use syn::Expr;

use super::follower::{Follower, Sure};
use super::sink::Act;
use crate::lazy::analysis::places::{Name, Taken};

impl Follower<'_> {
    /// `place = value`, `(one, other) = values`
    pub(super) fn assign(&mut self, expr: &mut Expr) {
        let Expr::Assign(assign) = expr else { return };
        // A new host has its own values.
        if self.names.whole(&assign.left).is_some() {
            self.expr(&mut assign.right);
            self.state.cleared.clear();
            return;
        }
        if self.is_named(&assign.left, &assign.right) {
            return;
        }
        let value_used = self.uses(|this| this.expr(&mut assign.right));
        self.change(expr, value_used);
    }

    /// `this = self;` for a `let this;`: another name of the host.
    fn is_named(&mut self, left: &Expr, right: &Expr) -> bool {
        let Expr::Path(name) = left else { return false };
        let (Some(name), Some(whole)) = (name.path.get_ident(), self.names.whole(right)) else {
            return false;
        };
        let name = name.to_string();
        if whole.is_moved() || whole.taken == Taken::Deref || !self.bound.is_only(&name) {
            return false;
        }
        let is_mutable = whole.is_mutable && whole.taken != Taken::Shared;
        self.state.uses += 1;
        self.state.cleared.clear();
        self.name(Name {
            text: name,
            is_mutable,
            is_owned: false,
        });
        true
    }

    /// The target of an assignment: one place or several.
    fn assigned(&mut self, left: &mut Expr, acts: &mut Vec<Act>) -> bool {
        let parts: Vec<&mut Expr> = match left {
            Expr::Tuple(parts) => parts.elems.iter_mut().collect(),
            Expr::Array(parts) => parts.elems.iter_mut().collect(),
            Expr::Call(parts) => parts.args.iter_mut().collect(),
            Expr::Struct(parts) => parts
                .fields
                .iter_mut()
                .map(|field| &mut field.expr)
                .collect(),
            Expr::Paren(inner) => return self.assigned(&mut inner.expr, acts),
            left if self.names.place(left).is_some() => {
                let used = self.indices(left);
                acts.extend(self.acts_of_change(left, Sure::Yes));
                return used;
            }
            left => return self.uses(|this| this.expr(left)),
        };
        parts
            .into_iter()
            .fold(false, |used, part| used | self.assigned(part, acts))
    }

    /// `place += value`
    pub(super) fn compound(&mut self, expr: &mut Expr) {
        let Expr::Binary(binary) = expr else { return };
        let value_used = self.uses(|this| this.look(&mut binary.right));
        if let Some(whole) = self.names.whole(&binary.left) {
            // An operator on the host is not in the block.
            let name = whole.name.clone();
            return self.hand_over(expr, &name);
        }
        self.change(expr, value_used);
    }

    /// `&mut place`
    pub(super) fn borrow(&mut self, expr: &mut Expr) {
        self.change(expr, false);
    }

    /// Clears for the place that `expr` changes, once its other operands have their values.
    fn change(&mut self, expr: &mut Expr, value_used: bool) {
        let (place, value) = match expr {
            Expr::Assign(assign) => (&mut *assign.left, Some(&mut *assign.right)),
            Expr::Binary(binary) => (&mut *binary.left, Some(&mut *binary.right)),
            Expr::Reference(reference) => (&mut *reference.expr, None),
            _ => return,
        };
        let mut acts = Vec::new();
        let index_used = self.assigned(place, &mut acts);
        let changed = place.clone();
        let index = Self::last_index(place).map(|index| (index, index_used));
        let operands = value
            .map(|value| (value, value_used))
            .into_iter()
            .chain(index);
        if !self.clear_for(&acts, operands) {
            self.clear_before(expr, &acts);
        }
        self.changed(&changed);
    }

    /// A change through a raw pointer happens later, in unknown code.
    pub(super) fn raw_address(&mut self, expr: &mut Expr) {
        let Expr::RawAddr(address) = expr else { return };
        let name = self
            .names
            .place(&address.expr)
            .map(|place| place.name.clone());
        match name {
            Some(name) => self.hand_over(expr, &name),
            None => self.expr(&mut address.expr),
        }
    }
}
