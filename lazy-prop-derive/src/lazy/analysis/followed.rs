//! What kinds of expressions, patterns and macros there are to one who follows `self`.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{BinOp, Expr, Macro, Pat, Path, Stmt, Token, UnOp};

use crate::walk::{Node, Walk};

/// The macros of the standard library that look at their arguments.
const LOOKING: [&str; 17] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "print",
    "println",
    "eprint",
    "eprintln",
    "format",
    "format_args",
    "matches",
    "panic",
    "todo",
    "unreachable",
    "unimplemented",
];

/// Those that take them or write to them.
const TAKING: [&str; 4] = ["vec", "dbg", "write", "writeln"];

/// The methods of the standard library's traits that look at `self`, under names that no other has.
pub(crate) const LOOKING_METHODS: [&str; 3] = ["clone", "to_owned", "to_string"];

/// The arguments of a macro that is known by its name, if they are expressions.
pub(crate) fn arguments(mac: &Macro) -> Option<Vec<Expr>> {
    let is_known = LOOKING
        .iter()
        .chain(&TAKING)
        .any(|name| mac.path.is_ident(name));
    let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
    let parsed = is_known
        .then(|| parser.parse2(mac.tokens.clone()).ok())
        .flatten()?;
    Some(parsed.into_iter().collect())
}

/// Whether a macro that is known only looks at its arguments.
pub(crate) fn looks_only(path: &Path) -> bool {
    LOOKING.iter().any(|name| path.is_ident(name))
}

/// Whether a macro that is known takes its arguments.
pub(crate) fn takes(path: &Path) -> bool {
    path.is_ident("vec") || path.is_ident("dbg")
}

/// `self`, `*self`, `&mut *self`, `(self)`.
pub(crate) fn is_self(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => path.path.is_ident("self"),
        Expr::Paren(inner) => is_self(&inner.expr),
        Expr::Group(inner) => is_self(&inner.expr),
        Expr::Reference(inner) => is_self(&inner.expr),
        Expr::Unary(inner) => matches!(inner.op, UnOp::Deref(_)) && is_self(&inner.expr),
        _ => false,
    }
}

/// Whether a `#[cfg]` stands on the statement.
pub(crate) fn is_conditional(stmt: &Stmt) -> bool {
    // Of expressions alone syn has no attributes in one place: they are the first tokens.
    let mut tokens = stmt.to_token_stream().into_iter();
    while let Some(TokenTree::Punct(hash)) = tokens.next() {
        let Some(TokenTree::Group(attribute)) = tokens.next() else {
            return false;
        };
        let first = attribute.stream().into_iter().next();
        if hash.as_char() != '#' {
            return false;
        }
        if matches!(first, Some(TokenTree::Ident(word)) if word == "cfg") {
            return true;
        }
    }
    false
}

/// `self.a.b[0]`
pub(crate) fn is_place_of_self(expr: &Expr) -> bool {
    match expr {
        Expr::Field(inner) => is_self(&inner.base) || is_place_of_self(&inner.base),
        Expr::Index(inner) => is_place_of_self(&inner.expr),
        Expr::Paren(inner) => is_place_of_self(&inner.expr),
        Expr::Group(inner) => is_place_of_self(&inner.expr),
        Expr::Unary(inner) => matches!(inner.op, UnOp::Deref(_)) && is_place_of_self(&inner.expr),
        _ => false,
    }
}

/// `self`, `Ok(self)`, `Some(self)`: what a chain of calls goes on with.
pub(crate) fn gives_self_back(expr: &Expr) -> bool {
    gives(
        expr,
        &|value| matches!(value, Expr::Path(path) if path.path.is_ident("self")),
    )
}

/// Whether it is such a value, in `Ok` or `Some` if it is wrapped.
pub(crate) fn gives(expr: &Expr, is_such: &dyn Fn(&Expr) -> bool) -> bool {
    match expr {
        Expr::Call(call) => {
            let wraps = |func: &Expr| {
                matches!(func, Expr::Path(path)
                    if path.path.is_ident("Ok") || path.path.is_ident("Some"))
            };
            wraps(&call.func) && call.args.len() == 1 && gives(&call.args[0], is_such)
        }
        expr => is_such(expr),
    }
}

pub(crate) fn binds(pattern: &Pat) -> bool {
    struct Find(bool);
    impl Walk for Find {
        fn visit(&mut self, node: Node<'_>) {
            match node {
                Node::Pat(Pat::Ident(_)) | Node::Macro(_) => self.0 = true,
                Node::FieldPat(field) => {
                    self.0 |= field.colon_token.is_none();
                    Node::FieldPat(field).inside(self);
                }
                other => other.inside(self),
            }
        }
    }
    let mut find = Find(false);
    find.visit(Node::Pat(&mut pattern.clone()));
    find.0
}

pub(crate) fn is_compound(op: &BinOp) -> bool {
    use BinOp::{
        AddAssign, BitAndAssign, BitOrAssign, BitXorAssign, DivAssign, MulAssign, RemAssign,
        ShlAssign, ShrAssign, SubAssign,
    };
    matches!(
        op,
        AddAssign(_)
            | SubAssign(_)
            | MulAssign(_)
            | DivAssign(_)
            | RemAssign(_)
            | BitXorAssign(_)
            | BitAndAssign(_)
            | BitOrAssign(_)
            | ShlAssign(_)
            | ShrAssign(_)
    )
}

/// Whether `self` stands in these tokens, as a word or in the text of a format string.
pub(crate) fn mentions_self(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "self",
        TokenTree::Group(group) => mentions_self(&group.stream()),
        TokenTree::Literal(literal) => literal.to_string().contains("{self"),
        TokenTree::Punct(_) => false,
    })
}
