//! Walks through syntax: [`Read`] looks at it, [`Walk`] changes it.
//!
//! syn's visitors are some two hundred generic functions, and rustc compiles them again for each
//! type that implements them. So one type does, and passes each node to the walker.

use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Block, Expr, ExprPath, FieldPat, Generics, ImplItem, Item, Lifetime, Local, Macro,
    ParenthesizedGenericArguments, Pat, PathSegment, Stmt, Type,
};

/// A walker that changes nodes.
pub(crate) trait Walk {
    /// Handles a node. The walk enters it by [`Node::inside`], or skips it.
    fn visit(&mut self, node: Node<'_>);
}

/// A walker that reads nodes.
pub(crate) trait Read {
    /// Handles a part. The walk enters it by [`Part::inside`], or skips it.
    fn read(&mut self, part: Part<'_>);
}

/// Syn's visitors, once each.
struct Visitor<'w>(&'w mut dyn Walk);
struct Reader<'r>(&'r mut dyn Read);

macro_rules! nodes {
    ($($Node:ident, $visit:ident, $visit_mut:ident;)*) => {
        /// A node of a walk that may be changed.
        pub(crate) enum Node<'n> {
            $($Node(&'n mut $Node),)*
        }

        impl Node<'_> {
            /// Enters it.
            pub(crate) fn inside(self, walk: &mut dyn Walk) {
                match self {
                    $(Self::$Node(node) => visit_mut::$visit_mut(&mut Visitor(walk), node),)*
                }
            }
        }

        impl VisitMut for Visitor<'_> {
            $(fn $visit_mut(&mut self, node: &mut $Node) {
                self.0.visit(Node::$Node(node));
            })*
        }

        /// A part of a walk that is only read.
        pub(crate) enum Part<'p> {
            $($Node(&'p $Node),)*
        }

        impl Part<'_> {
            /// Enters it.
            pub(crate) fn inside(self, walk: &mut dyn Read) {
                match self {
                    $(Self::$Node(node) => visit::$visit(&mut Reader(walk), node),)*
                }
            }
        }

        impl Visit<'_> for Reader<'_> {
            $(fn $visit(&mut self, node: &$Node) {
                self.0.read(Part::$Node(node));
            })*
        }
    };
}

nodes! {
    Block, visit_block, visit_block_mut;
    Expr, visit_expr, visit_expr_mut;
    ExprPath, visit_expr_path, visit_expr_path_mut;
    FieldPat, visit_field_pat, visit_field_pat_mut;
    Generics, visit_generics, visit_generics_mut;
    ImplItem, visit_impl_item, visit_impl_item_mut;
    Item, visit_item, visit_item_mut;
    Lifetime, visit_lifetime, visit_lifetime_mut;
    Local, visit_local, visit_local_mut;
    Macro, visit_macro, visit_macro_mut;
    ParenthesizedGenericArguments, visit_parenthesized_generic_arguments, visit_parenthesized_generic_arguments_mut;
    Pat, visit_pat, visit_pat_mut;
    PathSegment, visit_path_segment, visit_path_segment_mut;
    Stmt, visit_stmt, visit_stmt_mut;
    Type, visit_type, visit_type_mut;
}
