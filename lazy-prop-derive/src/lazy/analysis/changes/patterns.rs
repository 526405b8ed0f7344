//! Patterns: which names they bind, and what matching a host or a place does to it.

use quote::ToTokens;
use syn::{Expr, FnArg, ImplItemFn, Local, Pat};

use super::follower::{Follower, Sure};
use super::sink::{Act, What};
use crate::lazy::analysis::graph::Target;
use crate::lazy::analysis::places::{Name, Taken};
use crate::lazy::analysis::reads::fields_of;
use crate::walk::{Part, Read};

impl Follower<'_> {
    /// `let pattern = value else { … };`
    pub(super) fn local(&mut self, local: &mut Local) {
        let Some(init) = &mut local.init else { return };
        let (name, ty) = match &local.pat {
            Pat::Type(typed) => (plain_name(&typed.pat), Some(&*typed.ty)),
            pattern => (plain_name(pattern), None),
        };
        let is_lent = self.state.is_lent;
        match (name, self.names.whole(&init.expr)) {
            (Some((name, is_mut)), Some(whole)) if self.is_only(&name) => {
                let by_value = self.is_owned && whole.taken == Taken::Itself;
                let is_mutable = match whole.taken {
                    Taken::Shared => false,
                    _ if by_value => is_mut,
                    _ => whole.is_mutable,
                };
                if whole.taken == Taken::Deref {
                    self.expr(&mut init.expr);
                } else {
                    let host = whole.name.clone();
                    if whole.taken == Taken::Shared || by_value {
                        self.use_whole(&mut init.expr, &host);
                    }
                    self.names.0.push(Name {
                        text: name,
                        is_mutable,
                    });
                }
                // Under its other name it is followed too.
                self.state.is_lent = is_lent;
            }
            (Some(_), _) => self.expr(&mut init.expr),
            (None, _) => self.scrutinee(&mut init.expr, &[&local.pat]),
        }
        if let Some((_, diverge)) = &mut init.diverge {
            self.branch(|this| this.expr(diverge));
        }
        let owns = ty.is_some_and(is_owned) || is_value(&init.expr);
        if let (Expr::MethodCall(call), false) = (&*init.expr, owns) {
            if self.lends_for_certain(call) {
                self.state.borrowed.add(&local.pat);
            }
        }
        if owns {
            self.state.is_lent = is_lent;
        }
    }

    /// Whether a name is bound only once, so that it always means the same.
    pub(super) fn is_only(&self, name: &str) -> bool {
        self.bound.iter().filter(|bound| *bound == name).count() == 1
    }

    /// `match`, `let` and `if let` of one value.
    pub(super) fn scrutinee(&mut self, expr: &mut Expr, patterns: &[&Pat]) {
        let has_ref_mut = patterns.iter().any(|pattern| binds_mutably(pattern));
        if let Some(whole) = self.names.whole(expr) {
            let by_reference = match whole.taken {
                Taken::Mutably => true,
                Taken::Itself => !self.is_owned,
                Taken::Deref | Taken::Shared => false,
            };
            let (host, is_shared) = (whole.name.clone(), whole.taken == Taken::Shared);
            let Some(fields) = patterns
                .iter()
                .map(|pattern| fields_of(pattern))
                .collect::<Option<Vec<_>>>()
            else {
                if is_shared {
                    self.use_whole(expr, &host);
                } else {
                    self.whole(expr);
                }
                return;
            };
            if !by_reference && !has_ref_mut {
                return;
            }
            let targets: Vec<Target> = fields
                .iter()
                .flatten()
                .filter_map(|field| self.target(field))
                .collect();
            let acts = self.acts(&host, targets);
            self.match_after(expr, &acts);
        } else if has_ref_mut && self.names.place(expr).is_some() {
            self.indices(expr);
            let acts = self.acts_of_change(expr, Sure::Yes);
            self.match_after(expr, &acts);
        } else if self.names.place(expr).is_some()
            && patterns.iter().any(|pattern| takes_apart(pattern))
        {
            self.indices(expr);
            let acts = self.acts_of_change(expr, Sure::Perhaps);
            let acts: Vec<Act> = acts
                .into_iter()
                .filter_map(|act| match act.what {
                    What::Clear(target) => Some(Act {
                        what: What::IfReference(target, expr.clone()),
                        ..act
                    }),
                    _ => None,
                })
                .collect();
            self.clear_before(expr, &acts);
        } else {
            self.look(expr);
        }
    }

    fn match_after(&mut self, expr: &mut Expr, acts: &[Act]) {
        if acts.is_empty() {
            return;
        }
        if self.state.uses_before == Some(self.state.uses) {
            self.clear_before(expr, acts);
        } else {
            self.sink.matched(expr, acts);
            self.note(acts);
        }
    }
}

/// `name`, `mut name`
fn plain_name(pattern: &Pat) -> Option<(String, bool)> {
    match pattern {
        Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => {
            Some((name.ident.to_string(), name.mutability.is_some()))
        }
        _ => None,
    }
}

/// Whether a type is written without anything that borrows.
fn is_owned(ty: &syn::Type) -> bool {
    const OWNED: &[&str] = &[
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
        "u32", "u64", "u128", "usize", "String", "PathBuf",
    ];
    matches!(ty, syn::Type::Path(ty) if OWNED.iter().any(|name| ty.path.is_ident(name)))
}

/// Whether an expression gives a value that borrows nothing, by its looks.
pub(super) fn is_value(expr: &Expr) -> bool {
    const OWNED: &[&str] = &[
        "len",
        "count",
        "is_empty",
        "is_some",
        "is_none",
        "is_ok",
        "is_err",
        "contains",
        "to_owned",
        "to_string",
        "into_owned",
        "sum",
        "any",
        "all",
        "starts_with",
        "ends_with",
    ];
    match expr {
        Expr::Binary(_) | Expr::Cast(_) | Expr::Lit(_) | Expr::Unary(_) => true,
        Expr::Paren(inner) => is_value(&inner.expr),
        Expr::MethodCall(call) => OWNED.iter().any(|name| call.method == name),
        Expr::Macro(mac) => mac.mac.path.is_ident("format") || mac.mac.path.is_ident("matches"),
        _ => false,
    }
}

/// Every name that a pattern in the method binds.
pub(super) fn bound_names(method: &ImplItemFn) -> Vec<String> {
    struct Names(Vec<String>);
    impl Read for Names {
        fn read(&mut self, part: Part<'_>) {
            if let Part::Pat(Pat::Ident(name)) = part {
                self.0.push(name.ident.to_string());
            }
            part.inside(self);
        }
    }
    let mut names = Names(Vec::new());
    for input in &method.sig.inputs {
        if let FnArg::Typed(argument) = input {
            names.read(Part::Pat(&argument.pat));
        }
    }
    names.read(Part::Block(&method.block));
    names.0
}

/// `ref mut name`, anywhere in it.
fn binds_mutably(pattern: &Pat) -> bool {
    struct Find(bool);
    impl Read for Find {
        fn read(&mut self, part: Part<'_>) {
            if let Part::Pat(Pat::Ident(name)) = part {
                self.0 |= name.by_ref.is_some() && name.mutability.is_some();
            }
            if let Part::Macro(_) = part {
                self.0 = true;
            }
            part.inside(self);
        }
    }
    let mut find = Find(false);
    find.read(Part::Pat(pattern));
    find.0
}

/// Whether a pattern binds a part of what it matches.
fn takes_apart(pattern: &Pat) -> bool {
    fn binds(pattern: &Pat) -> bool {
        struct Find(bool);
        impl Read for Find {
            fn read(&mut self, part: Part<'_>) {
                match part {
                    // One with a capital is a constant or a variant.
                    Part::Pat(Pat::Ident(name)) => {
                        let text = name.ident.to_string();
                        self.0 |= !text.starts_with(char::is_uppercase);
                    }
                    Part::FieldPat(field) => {
                        self.0 |= field.colon_token.is_none();
                        Part::FieldPat(field).inside(self);
                    }
                    other => other.inside(self),
                }
            }
        }
        let mut find = Find(false);
        find.read(Part::Pat(pattern));
        find.0
    }
    plain_name(pattern).is_none() && binds(pattern) && !pattern.to_token_stream().is_empty()
}
