//! The form of a word's value, where it is a literal. rustc explains other values better.

use syn::{Expr, ExprLit, Lit};

use super::words::{Said, Word};

/// Words that take a text.
const TEXTS: [&str; 22] = [
    "about",
    "after_help",
    "after_long_help",
    "alias",
    "before_help",
    "before_long_help",
    "bin_name",
    "conflicts_with",
    "default_missing_value",
    "default_value",
    "display_name",
    "env",
    "help",
    "help_heading",
    "long",
    "long_about",
    "long_flag",
    "long_help",
    "requires",
    "value_name",
    "visible_alias",
    "version",
];

/// Words that take a character.
const CHARACTERS: [&str; 6] = [
    "short",
    "short_alias",
    "short_flag",
    "value_delimiter",
    "visible_short_alias",
    "visible_short_flag_alias",
];

/// Finds a literal of the wrong form; `switches` are the words that are yes or no.
pub(super) fn check(word: &Word, switches: &[&str]) -> syn::Result<()> {
    let Said::Value(Expr::Lit(ExprLit { lit, .. })) = &word.said else {
        return Ok(());
    };
    let name = &*word.name();
    let fix = match lit {
        Lit::Str(_) if TEXTS.contains(&name) => None,
        Lit::Char(_) if CHARACTERS.contains(&name) => None,
        Lit::Bool(_) if switches.contains(&name) => None,
        Lit::Str(text) if CHARACTERS.contains(&name) && text.value().chars().count() == 1 => {
            let character = text.value();
            Some(format!(
                "`{name}` takes a character: `{name} = '{character}'`"
            ))
        }
        _ if CHARACTERS.contains(&name) => {
            Some(format!("`{name}` takes a character: `{name} = 'x'`"))
        }
        Lit::Str(_) | Lit::Char(_) | Lit::Int(_) | Lit::Float(_) if switches.contains(&name) => {
            Some(format!(
                "`{name}` takes no value: write `{name}`, or `{name} = true`"
            ))
        }
        _ if name == "default_value" => Some(
            "`default_value` takes a text as it is typed; for a value write `default_value_t`"
                .into(),
        ),
        _ if TEXTS.contains(&name) => Some(format!("`{name}` takes a text: `{name} = \"...\"`")),
        _ => None,
    };
    match fix {
        Some(fix) => Err(syn::Error::new(lit.span(), fix)),
        None => Ok(()),
    }
}
