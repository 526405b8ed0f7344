//! The source of a crate with many hosts: numbers and texts in turn.

use std::fmt::Write as _;

/// So many hosts of so many properties, with `#[lazy]` or `by_hand`.
pub(crate) fn hosts(side: &str, hosts: usize, properties: usize) -> String {
    let host = if side == "lazy" { lazy } else { by_hand };
    (0..hosts).fold(String::new(), |source, at| source + &host(at, properties))
}

fn lazy(host: usize, properties: usize) -> String {
    let mut source = format!(
        "#[lazy_prop::lazy]\npub struct Host{host} {{ pub text: String }}\n\
         #[lazy_prop::lazy]\nimpl Host{host} {{\n\
         pub fn new(text: String) -> Self {{ Self {{ text }} }}\n"
    );
    for property in 0..properties {
        let (kept, lent, body) = kinds(property);
        let returned = if lent.is_empty() { kept } else { lent };
        let _ = writeln!(
            source,
            "#[lazy_prop::lazy]\npub fn p{property}(&self) -> {returned} {{ {body} }}"
        );
    }
    source + "}\n"
}

fn by_hand(host: usize, properties: usize) -> String {
    let mut fields = format!("pub struct Host{host} {{\npub text: String,\n");
    let mut new = "pub fn new(text: String) -> Self {\nSelf {\ntext,\n".to_owned();
    let mut accessors = String::new();
    for property in 0..properties {
        let (kept, lent, body) = kinds(property);
        let _ = writeln!(fields, "p{property}: once_cell::unsync::OnceCell<{kept}>,");
        let _ = writeln!(new, "p{property}: once_cell::unsync::OnceCell::new(),");
        let (returned, star) = if lent.is_empty() {
            (kept, "*")
        } else {
            (lent, "")
        };
        let _ = writeln!(
            accessors,
            "pub fn p{property}(&self) -> {returned} {{ {star}self.p{property}.get_or_init(|| {{ {body} }}) }}"
        );
    }
    format!("{fields}}}\nimpl Host{host} {{\n{new}}}\n}}\n{accessors}}}\n")
}

/// What the cell keeps, what is lent of it if it is no copy, and the body.
fn kinds(property: usize) -> (&'static str, &'static str, String) {
    if property.is_multiple_of(2) {
        ("usize", "", format!("self.text.len() + {property}"))
    } else {
        ("String", "&str", format!("self.text.repeat({property})"))
    }
}
