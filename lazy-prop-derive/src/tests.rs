//! For any input a macro returns tokens that parse, and never panics.
//!
//! The test cuts, doubles and swaps tokens of the workspace's own source at random. The message of a
//! failure has its seed, and `SEED=… cargo test -p lazy-prop-derive` repeats it.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use proc_macro2::{Group, TokenStream, TokenTree};

const ROUNDS: u64 = 20_000;

/// Arguments as users write them, rightly and wrongly.
const ARGS: &[&str] = &[
    "",
    "sync",
    "field = cache",
    "field = 2, home = 1",
    "bound = \"T: Clone\"",
    "bound = \"T Clone <\", covariant",
    "store = Box<dyn Fn(&str) -> &str>, cloned",
    "home = \"x\", field",
    "sync sync, , =",
    "stor = {}, \"text\"",
];

/// A small generator of random numbers (splitmix64), so that a seed repeats a case.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).expect("it is below a usize")
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with(".git") {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The items of the workspace's own files, those inside of modules too.
fn items() -> Vec<TokenStream> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    rust_files(&root, &mut files);
    files.sort();
    let texts = files
        .iter()
        .filter_map(|file| fs::read_to_string(file).ok());
    let parsed = texts.filter_map(|text| syn::parse_file(&text).ok());
    let mut items = Vec::new();
    for item in parsed.flat_map(|file| file.items) {
        flatten(item, &mut items);
    }
    items
}

fn flatten(item: syn::Item, items: &mut Vec<TokenStream>) {
    match item {
        syn::Item::Mod(syn::ItemMod {
            content: Some((_, inner)),
            ..
        }) => {
            for item in inner {
                flatten(item, items);
            }
        }
        // These are refused as a whole, so few are enough.
        syn::Item::Use(_) | syn::Item::Macro(_) | syn::Item::Const(_) | syn::Item::Mod(_) => {}
        item => items.push(quote::quote!(#item)),
    }
}

/// Cuts, doubles or swaps tokens, in the stream or in one of its groups.
fn mutate(tokens: TokenStream, random: &mut Random) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    if tokens.is_empty() {
        return TokenStream::new();
    }
    let (one, two) = (random.below(tokens.len()), random.below(tokens.len()));
    let groups: Vec<usize> = (0..tokens.len())
        .filter(|i| matches!(tokens[*i], TokenTree::Group(_)))
        .collect();
    if !groups.is_empty() && random.below(8) > 0 {
        let at = random.pick(&groups);
        if let TokenTree::Group(group) = &tokens[at] {
            let inner = mutate(group.stream(), random);
            tokens[at] = Group::new(group.delimiter(), inner).into();
        }
    } else {
        match random.below(4) {
            0 => drop(tokens.remove(one)),
            1 => tokens.insert(one, tokens[two].clone()),
            2 => tokens.swap(one, two),
            _ => tokens.truncate(one),
        }
    }
    tokens.into_iter().collect()
}

/// Puts `#[lazy]` before tokens that may begin a method, so that it is expanded.
fn mark(tokens: TokenStream, random: &mut Random) -> TokenStream {
    let options = TokenStream::from_str(random.pick(ARGS)).expect("it lexes");
    let mut marked = TokenStream::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), mark(group.stream(), random));
                inner.set_span(group.span());
                marked.extend([TokenTree::from(inner)]);
            }
            TokenTree::Ident(word) if (word == "fn" || word == "pub") && random.below(3) == 0 => {
                marked.extend(quote::quote!(#[lazy(#options)] #word));
            }
            other => marked.extend([other]),
        }
    }
    marked
}

/// What is given was either valid, and the result is; or the result or rustc says what is wrong.
fn check(expand: fn(TokenStream, TokenStream) -> TokenStream, seed: u64, items: &[TokenStream]) {
    let mut random = Random(seed);
    let args = TokenStream::from_str(random.pick(ARGS)).expect("it lexes");
    let mut item = random.pick(items);
    if random.below(2) == 0 {
        item = mark(item, &mut random);
    }
    for _ in 0..random.below(3) {
        item = mutate(item, &mut random);
    }
    let shown = format!("seed {seed}: #[lazy({args})] {item}");
    let is_valid = syn::parse2::<syn::Item>(item.clone()).is_ok();
    let Ok(expanded) = catch_unwind(AssertUnwindSafe(|| expand(args, item))) else {
        panic!("panicked at {shown}");
    };
    let text = expanded.to_string();
    let parses = syn::parse2::<syn::File>(expanded).is_ok();
    assert!(
        parses || !is_valid || text.contains("compile_error"),
        "{shown}\ngave\n{text}"
    );
}

#[test]
fn no_input_makes_lazy_panic() {
    let items = items();
    assert!(
        items.len() > 100,
        "the workspace's files are there to be cut"
    );
    let only = std::env::var("SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seeds = only.map_or(0..ROUNDS, |seed: u64| seed..seed + 1);
    for seed in seeds {
        check(crate::lazy::run, seed, &items);
    }
}

#[test]
fn the_page_of_the_architecture_names_each_file_once() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("ARCHITECTURE.md")).expect("the page is there");
    let mut files = Vec::new();
    rust_files(&root.join("src"), &mut files);
    for file in files {
        let file = file.strip_prefix(root.join("src")).expect("it is in src");
        let name = format!("`{}`", file.display());
        assert_eq!(page.matches(&name).count(), 1, "{name} on ARCHITECTURE.md");
    }
}
