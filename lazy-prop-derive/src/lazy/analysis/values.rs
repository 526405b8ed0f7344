//! Variables that hold a value of their own, which borrows nothing, as their type or text shows.

use proc_macro2::Ident;
use syn::{Expr, FnArg, GenericArgument, ImplItemFn, Local, Pat, PathArguments, Stmt, Type, UnOp};

use super::lends::Lent;
use super::locals::{stored_in, words_in};
use crate::sorted::Set;
use crate::walk::{Part, Read};

/// `name`, `mut name`
pub(crate) fn plain_name(pattern: &Pat) -> Option<(String, bool)> {
    match pattern {
        Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => {
            Some((name.ident.to_string(), name.mutability.is_some()))
        }
        _ => None,
    }
}

/// The variables that a pattern binds.
pub(crate) fn names_in(pattern: &Pat) -> Vec<Ident> {
    struct Find(Vec<Ident>);
    impl Read for Find {
        fn read(&mut self, part: Part<'_>) {
            match part {
                Part::Pat(Pat::Guard(guarded)) => self.read(Part::Pat(&guarded.pat)),
                Part::Pat(Pat::Ident(name)) => {
                    self.0.push(name.ident.clone());
                    part.inside(self);
                }
                other => other.inside(self),
            }
        }
    }
    let mut find = Find(Vec::new());
    find.read(Part::Pat(pattern));
    find.0
}

/// Whether a type as written borrows nothing: it shows no lifetime.
pub(crate) fn is_owned(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path
            .path
            .segments
            .iter()
            .all(|segment| match &segment.arguments {
                PathArguments::None => true,
                PathArguments::AngleBracketed(arguments) => {
                    arguments.args.iter().all(is_owned_argument)
                }
                PathArguments::Parenthesized(_) => false,
            }),
        Type::Tuple(parts) => parts.elems.iter().all(is_owned),
        Type::Array(array) => is_owned(&array.elem),
        Type::Paren(inner) => is_owned(&inner.elem),
        Type::Group(inner) => is_owned(&inner.elem),
        _ => false,
    }
}

fn is_owned_argument(argument: &GenericArgument) -> bool {
    match argument {
        GenericArgument::Type(ty) => is_owned(ty),
        GenericArgument::Const(_) => true,
        _ => false,
    }
}

/// Whether an expression obviously gives a value that borrows nothing.
pub(crate) fn is_value(expr: &Expr) -> bool {
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

/// The names that patterns in a method bind.
#[derive(Default)]
pub(crate) struct Bound {
    /// All names, with the number of their bindings.
    names: Vec<String>,
    /// Names that are bound to a value of their own.
    values: Vec<String>,
    /// Names that are bound to `self`.
    hosts: Vec<String>,
    /// The words in macros, which may bind them.
    in_macros: Set<String>,
}

impl Bound {
    pub(crate) fn in_method(method: &ImplItemFn) -> Self {
        let mut bound = Self::default();
        // A parameter can keep a borrow of the host only if its type shares a lifetime with `self`.
        let keeps_borrows = Lent::by(&method.sig) == Lent::Mutably;
        for input in &method.sig.inputs {
            if let FnArg::Typed(argument) = input {
                bound.value(&argument.pat, !keeps_borrows || is_owned(&argument.ty));
                bound.read(Part::Pat(&argument.pat));
            }
        }
        bound.read(Part::Block(&method.block));
        bound
    }

    /// Whether a name always means the same: it is bound once, or always to the host.
    pub(crate) fn is_only(&self, name: &str) -> bool {
        let bound = count(&self.names, name);
        bound == 1 || bound == count(&self.hosts, name)
    }

    /// The names that may ever hold a borrow.
    pub(crate) fn may_borrow(&self) -> Set<String> {
        let is_value = |name: &str| {
            let bound = count(&self.names, name);
            bound > 0 && bound == count(&self.values, name)
        };
        let names = self.names.iter().chain(&self.in_macros);
        names.filter(|name| !is_value(name)).cloned().collect()
    }

    /// The names that are bound inside of a statement and end with it. Names that are also bound
    /// elsewhere, and assigned here, are not among them.
    pub(crate) fn inside(&self, stmt: &Stmt) -> Set<String> {
        let mut inside = Self::default();
        inside.read(Part::Stmt(stmt));
        if let Stmt::Local(local) = stmt {
            let mut own = Self::default();
            own.read(Part::Pat(&local.pat));
            inside.names.retain(|name| !own.names.contains(name));
        }
        let stored = stored_in(stmt);
        let ends = |name: &String| {
            !stored.contains(name) || count(&self.names, name) == count(&inside.names, name)
        };
        inside
            .names
            .iter()
            .filter(|name| ends(name))
            .cloned()
            .collect()
    }

    fn value(&mut self, pattern: &Pat, is_value: bool) {
        if let (Some((name, _)), true) = (plain_name(pattern), is_value) {
            self.values.push(name);
        }
    }

    fn local(&mut self, local: &Local) {
        let init = local.init.as_ref().map(|init| &*init.expr);
        match &local.pat {
            Pat::Type(typed) => self.value(&typed.pat, is_owned(&typed.ty)),
            pattern => self.value(pattern, init.is_some_and(stays_value)),
        }
        if let (Some((name, _)), true) = (plain_name(&local.pat), init.is_some_and(is_host)) {
            self.hosts.push(name);
        }
    }
}

/// How often a name is among these.
fn count(names: &[String], name: &str) -> usize {
    names.iter().filter(|one| *one == name).count()
}

/// As [`is_value`], and whatever is assigned to it later is of the same type.
fn stays_value(expr: &Expr) -> bool {
    match expr {
        Expr::Unary(inner) => !matches!(inner.op, UnOp::Deref(_)) && stays_value(&inner.expr),
        Expr::Paren(inner) => stays_value(&inner.expr),
        expr => is_value(expr),
    }
}

/// `self`, `&mut *self`
fn is_host(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => path.path.is_ident("self"),
        Expr::Reference(inner) => is_host(&inner.expr),
        Expr::Unary(inner) => matches!(inner.op, UnOp::Deref(_)) && is_host(&inner.expr),
        _ => false,
    }
}

/// `0..9`
fn is_range(expr: &Expr) -> bool {
    let is_value = |end: &Option<Box<Expr>>| end.as_deref().is_none_or(stays_value);
    matches!(expr, Expr::Range(range) if is_value(&range.start) && is_value(&range.end))
}

impl Read for Bound {
    fn read(&mut self, part: Part<'_>) {
        match part {
            Part::Pat(Pat::Ident(name)) => self.names.push(name.ident.to_string()),
            Part::Local(local) => self.local(local),
            Part::Expr(Expr::ForLoop(repeated)) => {
                self.value(&repeated.pat, is_range(&repeated.expr));
            }
            Part::Macro(mac) => self.in_macros.extend(words_in(mac.tokens.clone())),
            _ => {}
        }
        part.inside(self);
    }
}
