//! Bad input gives errors, never a panic.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Items that hold every kind of token that the macros look at.
const ITEMS: [&str; 6] = [
    "#[doc = \" A. \"] pub fn f(#[arg(short, long = \"x\", default_value_t = 1)] a: Option<u8>, mut b: Vec<&'a str>, #[command(flatten)] c: C) -> Result<(), E> { a }",
    "async unsafe fn g<T, const N: usize>(self, (a, b): (u8, u8), _: impl Fn(u8), r#type: T, x: ...) where T: U {}",
    "#[lazy(field = f)] #[derive(Debug)] struct App<T> { #[arg(long, skip = 1)] db: PathBuf, lazy: Lazy<Self>, }",
    "struct App(#[arg(long)] u8);",
    "impl<T> App<T> { #[command(group = \"a b\", name = \"c\")] fn f(&self, a: u8) {} #[command] const X: u8 = 1; #[command] fn g(self) {} }",
    "pub(crate) shared: #[doc = \"x\"] a => #[arg(short = 'w', env, value_parser = p)], r#b => #[arg(long)],",
];

const ARGS: [&str; 6] = [
    "",
    "name = \"x\", alias = \"y\", group = \"a b\", hide, options = crate::shared, strict",
    "name = 3, group, help_heading, options = \"x\", strict = true, verbatim_doc_comment",
    "name, name, name = , = , , x(",
    "about(1, 2), version, author, unknown, optoins = 1, groups = [1]",
    "\"text\" 1 ' # !",
];

#[test]
fn bad_input_never_panics() {
    for item in ITEMS {
        let Ok(item) = item.parse::<TokenStream>() else {
            panic!("{item} is no token stream");
        };
        for damaged in damaged(&item) {
            expand(&TokenStream::new(), &damaged);
        }
        for args in ARGS
            .iter()
            .filter_map(|args| args.parse::<TokenStream>().ok())
        {
            expand(&args, &item);
            for args in damaged(&args) {
                expand(&args, &item);
            }
        }
    }
}

fn expand(args: &TokenStream, item: &TokenStream) {
    super::run(args.clone(), item.clone());
    super::options(item.clone());
    super::not_in_options(item.clone());
}

/// The tokens with each one missing, doubled, or replaced, at any depth.
fn damaged(tokens: &TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let others = ["=", "x", "(y)", "\"z\"", ",", "#", "'a", "1"];
    let mut all = vec![];
    for i in 0..tokens.len() {
        let mut with = |middle: TokenStream| {
            let (before, after) = (tokens[..i].iter().cloned(), tokens[i + 1..].iter().cloned());
            all.push(before.chain(middle).chain(after).collect());
        };
        with(TokenStream::new());
        with([tokens[i].clone(), tokens[i].clone()].into_iter().collect());
        for other in others.iter().filter_map(|other| other.parse().ok()) {
            with(other);
        }
        if let TokenTree::Group(group) = &tokens[i] {
            for inner in damaged(&group.stream()) {
                with(TokenTree::Group(Group::new(group.delimiter(), inner)).into());
            }
            with(TokenTree::Group(Group::new(Delimiter::None, group.stream())).into());
        }
    }
    all
}
