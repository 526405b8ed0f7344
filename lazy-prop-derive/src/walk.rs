//! Walks through syntax.
//!
//! syn's visitor is some two hundred generic functions, and rustc compiles them again for each type
//! that implements it. So one type does, and hands what it meets to whoever walks.

use syn::visit_mut::{self, VisitMut};
use syn::{
    Block, Expr, ExprPath, FieldPat, Generics, ImplItem, Item, Lifetime, Local, Macro,
    ParenthesizedGenericArguments, Pat, PathSegment, Stmt, Type,
};

/// Who walks.
pub(crate) trait Walk {
    /// Looks at a node. The walk goes on to what is in it with [`Node::inside`], or leaves it out.
    fn visit(&mut self, node: Node<'_>);
}

/// Syn's visitor, once.
struct Visitor<'w>(&'w mut dyn Walk);

macro_rules! nodes {
    ($($Node:ident, $visit:ident;)*) => {
        /// What a walk meets.
        pub(crate) enum Node<'n> {
            $($Node(&'n mut $Node),)*
        }

        impl Node<'_> {
            /// Goes on to what is in it.
            pub(crate) fn inside(self, walk: &mut dyn Walk) {
                match self {
                    $(Self::$Node(node) => visit_mut::$visit(&mut Visitor(walk), node),)*
                }
            }
        }

        impl VisitMut for Visitor<'_> {
            $(fn $visit(&mut self, node: &mut $Node) {
                self.0.visit(Node::$Node(node));
            })*
        }
    };
}

nodes! {
    Block, visit_block_mut;
    Expr, visit_expr_mut;
    ExprPath, visit_expr_path_mut;
    FieldPat, visit_field_pat_mut;
    Generics, visit_generics_mut;
    ImplItem, visit_impl_item_mut;
    Item, visit_item_mut;
    Lifetime, visit_lifetime_mut;
    Local, visit_local_mut;
    Macro, visit_macro_mut;
    ParenthesizedGenericArguments, visit_parenthesized_generic_arguments_mut;
    Pat, visit_pat_mut;
    PathSegment, visit_path_segment_mut;
    Stmt, visit_stmt_mut;
    Type, visit_type_mut;
}
