//! Completes literals and patterns of the own type inside the block, which need not name the hidden
//! field.
//!
//! A literal that takes the rest of another value, `Self { n, ..old }`, keeps no value. If its path
//! may be an alias of the own type or the name of another host, rustc decides by type: the result
//! is cleared if it is a host.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{
    Block as Body, Expr, ExprCall, ExprStruct, FieldPat, FnArg, Index, Item as InnerItem, Macro,
    Member, Pat, PatStruct, PatTupleStruct, PatWild, Path, Stmt, Token, Type, UseTree, parse_quote,
    parse_quote_spanned,
};

use super::updates::{arguments, cleared, is_fresh};
use crate::lazy::model::block::{Block, Item};
use crate::runtime;
use crate::walk::{Node, Walk};

/// Adds the hidden field to each literal or pattern of the block's own type that lacks it.
pub(crate) fn complete(block: &mut Block) {
    let Type::Path(own) = &*block.header.self_ty else {
        return;
    };
    let mut names = vec![bare(&parse_quote!(Self)), bare(&own.path)];
    names.dedup();
    let mut completion = Completion {
        host: bare(&own.path).pop(),
        names,
        is_const: false,
        only_updates: false,
        completed: 0,
        field: block.home.field.clone(),
    };
    for item in &mut block.items {
        match item {
            Item::Method(method) => {
                for input in &mut method.item.sig.inputs {
                    if let FnArg::Typed(argument) = input {
                        completion.visit(Node::Pat(&mut argument.pat));
                    }
                }
                completion.is_const = method.item.sig.constness.is_some();
                completion.visit(Node::Block(&mut method.item.block));
            }
            Item::Other(item) => {
                completion.is_const = true;
                completion.visit(Node::ImplItem(item));
            }
        }
    }
}

struct Completion {
    /// The spellings of the own type, without their generic arguments.
    names: Vec<Vec<String>>,
    /// The last of them, for paths that begin with `crate`, `self` or `super`.
    host: Option<String>,
    field: Member,
    /// Whether the method is a `const fn`, which cannot make calls that depend on a type.
    is_const: bool,
    /// Inside an unknown macro, the tokens of a complete literal may not be a literal.
    only_updates: bool,
    /// The number of completed literals.
    completed: usize,
}

impl Completion {
    fn is_own(&self, path: &Path) -> bool {
        let words = bare(path);
        let from_a_root = || {
            let starts = ["crate", "self", "super"].contains(&words[0].as_str());
            starts && words.len() > 1 && words.last() == self.host.as_ref()
        };
        self.names.contains(&words) || !words.is_empty() && from_a_root()
    }

    /// `field: Lazy::new()`
    fn value(span: proc_macro2::Span) -> TokenStream {
        let runtime = runtime::path(span);
        quote_spanned!(runtime::generated(span)=> #runtime::Lazy::new())
    }

    /// The position of the hidden field, if the `count` other fields leave out exactly that one.
    fn gap(&self, count: usize) -> Option<usize> {
        match &self.field {
            Member::Unnamed(Index { index, .. }) if *index as usize == count => Some(count),
            _ => None,
        }
    }

    /// Runs `visit` with the names that still mean the own type inside of `items`.
    fn within(&mut self, hidden: &dyn Fn(&[String]) -> bool, visit: impl FnOnce(&mut Self)) {
        let outer = self.names.clone();
        self.names.retain(|name| !hidden(name));
        visit(self);
        self.names = outer;
    }
}

impl Walk for Completion {
    fn visit(&mut self, node: Node<'_>) {
        match node {
            Node::Block(block) => self.block(block),
            Node::Item(item) => self.item(item),
            Node::Expr(expr) => {
                Node::Expr(expr).inside(self);
                match expr {
                    Expr::Struct(literal) if self.is_made_of_another(literal) => {
                        self.completed += 1;
                        *expr = cleared(literal);
                    }
                    Expr::Struct(literal) => self.struct_literal(literal),
                    Expr::Call(call) => self.tuple_literal(call),
                    _ => {}
                }
            }
            Node::Pat(pattern) => {
                Node::Pat(pattern).inside(self);
                match pattern {
                    Pat::Struct(pattern) => self.struct_pattern(pattern),
                    Pat::TupleStruct(pattern) => self.tuple_pattern(pattern),
                    _ => {}
                }
            }
            Node::Macro(mac) => self.macro_call(mac),
            other => other.inside(self),
        }
    }
}

impl Completion {
    /// The arguments of a macro, if they are expressions.
    fn macro_call(&mut self, mac: &mut Macro) {
        let (completed, only_updates) = (self.completed, self.only_updates);
        let Some((mut arguments, rest)) = arguments(mac, &mut self.only_updates) else {
            return;
        };
        for argument in &mut arguments {
            self.visit(Node::Expr(argument));
        }
        if self.completed > completed {
            mac.tokens = quote!(#arguments #rest);
        }
        self.only_updates = only_updates;
    }

    /// Whether the literal may be of a host with an unknown name, and moves kept values from
    /// another.
    fn is_made_of_another(&self, literal: &ExprStruct) -> bool {
        let base = literal.rest.as_deref().filter(|base| !is_fresh(base));
        base.is_some_and(|base| {
            !self.is_const && !self.is_this(base) && !self.is_own(&literal.path)
        })
    }

    /// `self` has the own type, whatever name the literal uses.
    fn is_this(&self, base: &Expr) -> bool {
        matches!(base, Expr::Path(path) if path.path.is_ident("self"))
            && self
                .names
                .iter()
                .any(|name| matches!(&name[..], [one] if one == "Self"))
    }

    fn struct_literal(&mut self, literal: &mut ExprStruct) {
        let field = &self.field;
        let named = literal.fields.iter().any(|value| value.member == *field);
        let of_this = literal.rest.as_ref().is_some_and(|base| self.is_this(base));
        let is_own = of_this || literal.qself.is_none() && self.is_own(&literal.path);
        if is_own && !named && (!self.only_updates || literal.rest.is_some()) {
            self.completed += 1;
            let span = runtime::generated(literal.path.span());
            let value = Self::value(span);
            let mut field = field.clone();
            match &mut field {
                Member::Named(name) => name.set_span(span),
                Member::Unnamed(index) => index.span = span,
            }
            if !literal.fields.empty_or_trailing() {
                literal.fields.push_punct(parse_quote!(,));
            }
            literal
                .fields
                .push_value(parse_quote_spanned!(span=> #field: #value));
            if literal.dot2_token.is_some() {
                literal.fields.push_punct(parse_quote!(,));
            }
        }
    }

    fn struct_pattern(&mut self, pattern: &mut PatStruct) {
        let field = &self.field;
        let named = pattern.fields.iter().any(|value| value.member == *field);
        if pattern.rest.is_none() && self.is_own(&pattern.path) && !named {
            pattern.fields.push(FieldPat {
                attrs: Vec::new(),
                member: field.clone(),
                colon_token: Some(<Token![:]>::default()),
                pat: Box::new(wildcard()),
            });
        }
    }

    fn tuple_literal(&mut self, call: &mut ExprCall) {
        if let (Expr::Path(path), Some(at)) = (&*call.func, self.gap(call.args.len())) {
            if path.qself.is_none() && self.is_own(&path.path) && !self.only_updates {
                self.completed += 1;
                let value = Self::value(path.span());
                call.args.insert(at, Expr::Verbatim(value));
            }
        }
    }

    fn tuple_pattern(&mut self, pattern: &mut PatTupleStruct) {
        let open = pattern.elems.iter().any(|pat| matches!(pat, Pat::Rest(_)));
        if let (false, true, Some(at)) = (
            open,
            self.is_own(&pattern.path),
            self.gap(pattern.elems.len()),
        ) {
            pattern.elems.insert(at, wildcard());
        }
    }

    /// A type of the same name that is declared in a block hides the own one.
    fn block(&mut self, block: &mut Body) {
        let declared: Vec<String> = block.stmts.iter().flat_map(declared_types).collect();
        // The names from `use …::*` are unknown, but `Self` is not among them.
        let any = declared.iter().any(|name| name == "*");
        let hidden = |name: &[String]| matches!(name, [one] if declared.contains(one) || any && one != "Self");
        self.within(&hidden, |this| Node::Block(block).inside(this));
    }

    /// In an item inside of a body, `Self` means another type, or none.
    fn item(&mut self, item: &mut InnerItem) {
        let hidden = |name: &[String]| matches!(name, [one] if one == "Self");
        self.within(&hidden, |this| Node::Item(item).inside(this));
    }
}

/// The names of types that a statement declares or imports, `*` among them.
fn declared_types(stmt: &Stmt) -> Vec<String> {
    match stmt {
        Stmt::Item(InnerItem::Struct(item)) => vec![item.ident.to_string()],
        Stmt::Item(InnerItem::Enum(item)) => vec![item.ident.to_string()],
        Stmt::Item(InnerItem::Type(item)) => vec![item.ident.to_string()],
        Stmt::Item(InnerItem::Union(item)) => vec![item.ident.to_string()],
        Stmt::Item(InnerItem::Use(item)) => imported(&item.tree),
        _ => Vec::new(),
    }
}

fn imported(tree: &UseTree) -> Vec<String> {
    match tree {
        UseTree::Path(path) => imported(&path.tree),
        UseTree::Name(name) => vec![name.ident.to_string()],
        UseTree::Rename(name) => vec![name.rename.to_string()],
        UseTree::Glob(_) => vec!["*".to_owned()],
        UseTree::Group(group) => group.items.iter().flat_map(imported).collect(),
    }
}

fn wildcard() -> Pat {
    Pat::Wild(PatWild {
        attrs: Vec::new(),
        underscore_token: <Token![_]>::default(),
    })
}

fn bare(path: &Path) -> Vec<String> {
    path.segments
        .iter()
        .map(|segment| segment.ident.to_string())
        .collect()
}
