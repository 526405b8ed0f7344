//! Doc comments as help.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The short and the long form of a doc comment.
#[derive(Default)]
pub(super) struct Docs {
    /// The first paragraph, without its full stop.
    pub(super) short: String,
    /// All of it, if there is more than the first paragraph.
    pub(super) long: String,
}

impl Docs {
    /// Reads the doc comment among `attrs`.
    pub(super) fn of(attrs: &[Attribute], verbatim: bool) -> Self {
        let lines: Vec<String> = attrs.iter().filter_map(line).collect();
        let text = lines.join("\n");
        let lines: Vec<&str> = text
            .lines()
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        let text = lines.join("\n");
        let paragraphs = if verbatim {
            verbatim_paragraphs(text.trim())
        } else {
            paragraphs(&text)
        };
        let Some(first) = paragraphs.first() else {
            return Self::default();
        };
        let long = if paragraphs.len() > 1 {
            paragraphs.join("\n\n")
        } else {
            String::new()
        };
        Self {
            short: without_stop(first),
            long,
        }
    }

    /// Takes the doc comment out of `attrs`.
    pub(super) fn take(attrs: &mut Vec<Attribute>, verbatim: bool) -> Self {
        let docs = Self::of(attrs, verbatim);
        attrs.retain(|attr| line(attr).is_none());
        docs
    }

    /// Leaves the short and the long help to the words that have them.
    pub(super) fn give_way(&mut self, [help, long_help]: [bool; 2]) {
        if help {
            *self = Self::default();
        } else if long_help {
            self.long.clear();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.short.is_empty()
    }
}

fn line(attr: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attr.meta else {
        return None;
    };
    match &pair.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) if pair.path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}

/// The paragraphs, each on one line, because the terminal breaks lines at another width. Indented text and
/// lists keep their lines.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = vec![];
    let mut open = false;
    for line in text.lines() {
        if line.trim().is_empty() {
            open = false;
            continue;
        }
        match paragraphs.last_mut().filter(|_| open) {
            Some(last) => {
                last.push(if keeps_its_line(line) { '\n' } else { ' ' });
                last.push_str(line.trim_end());
            }
            None => paragraphs.push(line.trim_end().to_owned()),
        }
        open = true;
    }
    paragraphs
}

fn keeps_its_line(line: &str) -> bool {
    let item = line.trim_start();
    let number = item.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = number.len() < item.len() && number.starts_with(". ");
    line.starts_with("    ")
        || numbered
        || ["- ", "* ", "+ "].iter().any(|mark| item.starts_with(mark))
}

fn verbatim_paragraphs(text: &str) -> Vec<String> {
    match text.split_once("\n\n") {
        None if text.is_empty() => vec![],
        None => vec![text.to_owned()],
        Some((first, rest)) => vec![first.to_owned(), rest.to_owned()],
    }
}

/// Short help is a phrase, so its full stop goes. An ellipsis stays.
fn without_stop(text: &str) -> String {
    match text.strip_suffix('.') {
        Some(phrase) if !phrase.ends_with('.') => phrase.to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn docs(text: &str) -> (String, String) {
        let attrs: Vec<Attribute> = text
            .lines()
            .map(|line| syn::parse_quote!(#[doc = #line]))
            .collect();
        let docs = Docs::of(&attrs, false);
        (docs.short, docs.long)
    }

    #[test]
    fn short_is_the_first_paragraph() {
        assert_eq!(docs(" One.\n").0, "One");
        assert_eq!(docs(" One\n two.").0, "One two");
        assert_eq!(docs(" And so on...").0, "And so on...");
        assert_eq!(docs(""), Default::default());
    }

    #[test]
    fn long_is_all_of_it() {
        assert_eq!(
            docs(" One.\n\n Two\n three.\n - four\n - five").1,
            "One.\n\nTwo three.\n- four\n- five"
        );
        assert_eq!(docs(" One.").1, "");
    }
}
