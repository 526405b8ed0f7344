//! The words of `#[arg(...)]`, which are clap's, as calls on the runtime's parameter.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit, LitStr};

use super::names::{Names, local};
use super::words::{Said, Word};
use super::{forms, references};
use crate::errors::{Errors, nearest};
use crate::runtime;

/// Words that stand alone for `true`.
const SWITCHES: [&str; 18] = [
    "allow_hyphen_values",
    "allow_negative_numbers",
    "exclusive",
    "global",
    "hide",
    "hide_default_value",
    "hide_env",
    "hide_env_values",
    "hide_long_help",
    "hide_possible_values",
    "hide_short_help",
    "ignore_case",
    "last",
    "next_line_help",
    "raw",
    "require_equals",
    "required",
    "trailing_var_arg",
];

/// Words that mean something else, or something more, than clap's method of the same name.
const OWN: [&str; 14] = [
    "negatable",
    "prompt",
    "complete",
    "short",
    "long",
    "env",
    "default_value_t",
    "default_values_t",
    "default_value_os_t",
    "default_values_os_t",
    "value_enum",
    "verbatim",
    "verbatim_doc_comment",
    "skip",
];

/// The separator between the texts of a parameter.
pub(super) const BETWEEN: char = '\u{1f}';

/// Words that go with the texts of the parameter, if their value is a text.
const TEXTS: [&str; 5] = ["long", "default_value", "env", "value_name", "help_heading"];

/// What `#[arg(...)]` says of one parameter, most of it with yes or no.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools)]
pub(super) struct Arg {
    /// Words with a text for each, as the runtime takes them: `␟short=w␟long=x`.
    pub(super) texts: String,
    /// Calls on the runtime's parameter for the other words: `.required(true)`.
    pub(super) calls: Vec<TokenStream>,
    /// Whether it says how the value is read.
    pub(super) has_parser: bool,
    /// The type is one value, whatever its shape.
    pub(super) verbatim: bool,
    /// The field is not an option, and has this value instead.
    pub(super) skip: Option<(Ident, Option<Expr>)>,
    /// Whether it has a short or long name.
    pub(super) is_named: bool,
    /// The short and long names that are known now, each with its place.
    pub(super) spelled: Vec<(String, Span)>,
    /// The names of other arguments in its words.
    pub(super) speaks_of: Vec<LitStr>,
    /// The groups that it is in.
    pub(super) groups: Vec<LitStr>,
    /// Whether the short and the long help stand here, not in a doc comment.
    pub(super) has_help: [bool; 2],
    /// Whether it can be taken back.
    pub(super) is_negatable: bool,
    /// The place of the word that asks for it in a terminal.
    pub(super) asks: Option<Span>,
    /// The place of the word that counts it.
    pub(super) counts: Option<Span>,
}

impl Arg {
    /// Gives `words` their meaning. `item` is the expression for the type of one value, where the
    /// type is known.
    pub(super) fn new(
        words: &[Word],
        names: &Names,
        item: Option<&TokenStream>,
        errors: &mut Errors,
    ) -> Self {
        let mut arg = Self::default();
        for word in words {
            if word.key == "prompt" {
                arg.asks = Some(word.key.span());
            }
            let result = arg.say(word, names, item);
            errors.take(result);
        }
        if let Some(word) = words.iter().find(|word| word.key == "negatable") {
            arg.negate(&word.key, names);
        }
        arg
    }

    fn say(&mut self, word: &Word, names: &Names, item: Option<&TokenStream>) -> syn::Result<()> {
        let key = &word.key;
        let name = word.name();
        forms::check(word, &SWITCHES)?;
        self.speaks_of.extend(references::of(word));
        match (&*name, &word.said) {
            ("short", Said::Bare) => match names.short() {
                letter @ ('h' | 'V') => return Err(taken_by_clap(key, letter)),
                letter => self.short(letter, key.span()),
            },
            (
                "short",
                Said::Value(Expr::Lit(ExprLit {
                    lit: Lit::Char(c), ..
                })),
            ) => self.short(c.value(), c.span()),
            ("long", Said::Bare) => self.long(&names.long, key.span()),
            ("env", Said::Bare) => self.text("env", &names.id.to_uppercase()),
            ("verbatim", Said::Bare) => self.verbatim = true,
            ("value_enum" | "verbatim_doc_comment", Said::Bare) => {}
            ("skip", Said::Bare) => self.skip = Some((key.clone(), None)),
            ("skip", Said::Value(value)) => self.skip = Some((key.clone(), Some(value.clone()))),
            ("default_value_t" | "default_value_os_t", said) => {
                self.default_value(key, said, item)?;
            }
            ("default_values_t" | "default_values_os_t", Said::Value(values)) => {
                self.default_values(key, values, item);
            }
            ("required" | "global", Said::Bare) => self.call(key, &name, &quote!(true)),
            ("required" | "global", Said::Value(value)) => self.call(key, &name, &quote!(#value)),
            ("id", _) => {
                return Err(refusal(
                    key,
                    "the name of the parameter is its id: rename it, or write `long = \"name\"`",
                ));
            }
            (
                "group",
                Said::Value(Expr::Lit(ExprLit {
                    lit: Lit::Str(group),
                    ..
                })),
            ) => {
                self.groups.push(group.clone());
                self.call(key, "grouped", &quote!(#group));
            }
            ("value_parser", Said::Value(value)) => {
                self.has_parser = true;
                let parser = item.map_or_else(|| quote!(#value), |item| told(item, value));
                self.calls
                    .push(quote_spanned!(key.span()=> .read_by(|| #parser)));
            }
            ("complete", Said::Value(function)) => {
                self.calls
                    .push(quote_spanned!(function.span()=> .completed_by(#function)));
            }
            ("prompt", Said::Bare) => {
                let question = names.question();
                self.call(key, "prompted", &quote!(#question));
            }
            ("prompt", Said::Value(question)) => {
                self.calls
                    .push(quote_spanned!(question.span()=> .prompted(#question)));
            }
            ("negatable", Said::Bare) => {
                self.is_negatable = true;
                self.is_named = true;
            }
            ("negatable", _) => {
                return Err(refusal(
                    key,
                    "`negatable` stands alone: the option is `--name`, and `--no-name`",
                ));
            }
            ("complete", _) => {
                return Err(refusal(
                    key,
                    "`complete` takes a function: `complete = services`, of the form `fn(&str) -> Vec<String>`",
                ));
            }
            ("flatten", _) => return Err(refusal(key, "write `#[command(flatten)]`")),
            (_, Said::Bare) if SWITCHES.contains(&&*name) => self.pass(key, &quote!(true)),
            (_, Said::Bare) => return Err(unknown(key, &name)),
            (text, Said::Value(_)) if TEXTS.contains(&text) && plain(word).is_some() => {
                self.note(&name, word);
                self.text(text, &plain(word).unwrap_or_default());
            }
            (_, Said::Value(value)) => {
                self.note(&name, word);
                self.pass(key, &quote!(#value));
            }
            (_, Said::List(list)) => {
                self.note(&name, word);
                self.pass(key, list);
            }
        }
        Ok(())
    }

    /// Names the option that takes this one back.
    fn negate(&mut self, key: &Ident, names: &Names) {
        let mut longs = self
            .spelled
            .iter()
            .filter_map(|(name, _)| name.strip_prefix("--"));
        let negation = format!("no-{}", longs.next().unwrap_or(&names.long));
        self.spelled.push((format!("--{negation}"), key.span()));
        self.call(key, "negatable", &quote!(#negation));
    }

    /// Notes the facts about a word that clap gets unchanged.
    fn note(&mut self, name: &str, word: &Word) {
        match name {
            "value_parser" => self.has_parser = true,
            "help" => self.has_help[0] = true,
            "long_help" => self.has_help[1] = true,
            "action" => self.counts = counted(word),
            "short" => self.is_named = true,
            "long" => {
                self.is_named = true;
                let long = word
                    .literal()
                    .map(|text| (format!("--{}", text.value()), text.span()));
                self.spelled.extend(long);
            }
            _ => {}
        }
    }

    fn short(&mut self, name: char, span: Span) {
        self.is_named = true;
        self.spelled.push((format!("-{name}"), span));
        self.text("short", &name.to_string());
    }

    pub(super) fn long(&mut self, name: &str, span: Span) {
        self.is_named = true;
        self.spelled.push((format!("--{name}"), span));
        self.text("long", name);
    }

    /// A word with a text.
    fn text(&mut self, word: &str, text: &str) {
        self.texts += &with_text(word, text);
    }

    /// A method of the runtime's parameter.
    fn call(&mut self, key: &Ident, method: &str, value: &TokenStream) {
        let method = Ident::new(method, key.span());
        self.calls.push(quote!(.#method(#value)));
    }

    /// A method of clap's argument. rustc explains it well when there is none.
    fn pass(&mut self, key: &Ident, values: &TokenStream) {
        let arg = local("arg");
        self.calls.push(quote!(.with(|#arg| #arg.#key(#values))));
    }

    fn default_value(
        &mut self,
        key: &Ident,
        said: &Said,
        item: Option<&TokenStream>,
    ) -> syn::Result<()> {
        let value = match (said, item) {
            (Said::Value(value), Some(item)) => quote!(#item.typed(#value)),
            (Said::Value(value), None) => quote!(#value),
            (Said::Bare, Some(item)) => quote_spanned!(key.span()=> #item.default()),
            (Said::Bare, None) => {
                return Err(refusal(
                    key,
                    "the dictionary does not know the type: write the value, `default_value_t = 1`",
                ));
            }
            (Said::List(_), _) => return Err(refusal(key, "write `default_value_t = value`")),
        };
        let runtime = runtime::path(Span::call_site());
        let held = local("value");
        let written = written(&held, key);
        self.calls.push(quote_spanned! {Span::mixed_site()=>
            .default_value_t(
                {
                    static CELL: #runtime::command::Value = #runtime::command::Value::new();
                    &CELL
                },
                || {
                    let #held = #value;
                    #written
                },
            )
        });
        Ok(())
    }

    fn default_values(&mut self, key: &Ident, values: &Expr, item: Option<&TokenStream>) {
        let runtime = runtime::path(Span::call_site());
        let values = if let Some(item) = item {
            quote!(#item.typed_all(#values))
        } else {
            quote!(#runtime::core::iter::IntoIterator::into_iter(#values))
        };
        let held = local("value");
        let written = written(&held, key);
        self.calls.push(quote_spanned! {Span::mixed_site()=>
            .default_values_t(
                {
                    static CELL: #runtime::command::Values = #runtime::command::Values::new();
                    &CELL
                },
                || #runtime::core::iter::Iterator::collect(
                    #runtime::core::iter::Iterator::map(#values, |#held| #written)
                ),
            )
        });
    }
}

/// The text of a default value, by the ladder for it.
fn written(value: &Ident, key: &Ident) -> TokenStream {
    let runtime = runtime::path(Span::call_site());
    quote_spanned!(key.span()=> (&&#runtime::command::Written(&#value)).written())
}

/// A word with a text, behind other texts of a parameter.
pub(super) fn with_text(word: &str, text: &str) -> String {
    format!("{BETWEEN}{word}={}", text.replace(BETWEEN, " "))
}

/// The text of a word, if it can stand among others.
fn plain(word: &Word) -> Option<String> {
    let text = word.literal()?.value();
    (!text.contains(BETWEEN)).then_some(text)
}

/// The parser of the user, by the ladder for it.
fn told(item: &TokenStream, parser: &Expr) -> TokenStream {
    // rustc aims its errors at a variable only if that looks like the user's own.
    let told = Ident::new("__told", parser.span());
    quote_spanned!(parser.span()=> {
        let #told = #item.told(#parser);
        (&&#told).parser()
    })
}

/// Where `action = Count` stands.
fn counted(word: &Word) -> Option<Span> {
    match &word.said {
        Said::Value(Expr::Path(path)) => {
            let last = path.path.segments.last()?;
            (last.ident == "Count").then(|| last.ident.span())
        }
        _ => None,
    }
}

/// A bare `short` whose letter asks for help or the version.
fn taken_by_clap(key: &Ident, letter: char) -> syn::Error {
    let flag = if letter == 'h' { "--help" } else { "--version" };
    refusal(
        key,
        &format!(
            "`-{letter}` is `{flag}`: write `short = '{letter}'` to take it away, or choose another letter"
        ),
    )
}

fn refusal(key: &Ident, message: &str) -> syn::Error {
    syn::Error::new(key.span(), message)
}

/// A word that stands alone and is not known.
fn unknown(key: &Ident, name: &str) -> syn::Error {
    let known: Vec<&str> = SWITCHES.iter().chain(&OWN).copied().collect();
    let message = match nearest(name, &known).filter(|near| near.len().abs_diff(name.len()) < 3) {
        Some(near) => format!("`#[arg(...)]` has no `{name}`; did you mean `{near}`?"),
        None => format!("`{name}` needs a value for clap's `Arg::{name}`: `{name} = ...`"),
    };
    syn::Error::new(key.span(), message)
}
