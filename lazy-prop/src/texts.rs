//! What a home knows of its properties, as a flat list of texts.
//!
//! Each section ends with [`END`]: the fields that properties read, in the order of the numbers of
//! their changes; the methods that clear by themselves what they change; then for each property its
//! name, its doc comment, what it reads, and what clears it. All fields together have the number
//! after that of the last field. A first field without a name stands for all others.
//!
//! A block with `#[lazy(also)]` asks for the numbers at compile time.

/// A part of the list, or all of it.
pub(crate) type Texts = &'static [&'static str];

/// The end of a section. No field and no method has this name.
const END: &str = ";";

/// A number that no change has.
const NOTHING: usize = usize::MAX;

/// The first section, and the texts after it.
pub(crate) const fn section(texts: Texts) -> (Texts, Texts) {
    let (section, rest) = texts.split_at(position(texts, END));
    (section, rest.split_at(1).1)
}

/// The sections of the properties.
pub(crate) const fn properties(texts: Texts) -> Texts {
    section(section(texts).1).1
}

/// The number of a change of this field.
#[must_use]
pub const fn target_of(texts: Texts, field: &str) -> usize {
    let fields = section(texts).0;
    let found = position(fields, field);
    if found == NOTHING {
        // A property that reads everything reads this field too.
        return position(fields, "");
    }
    found
}

/// The number of a change of every field.
#[must_use]
pub const fn target_of_all(texts: Texts) -> usize {
    section(texts).0.len()
}

/// The same, unless the home has a method of this name.
#[must_use]
pub const fn target_unless(texts: Texts, method: &str) -> usize {
    if position(section(section(texts).1).0, method) == NOTHING {
        target_of_all(texts)
    } else {
        NOTHING
    }
}

const fn position(names: &[&str], name: &str) -> usize {
    let mut at = 0;
    while at < names.len() {
        if is_same(names[at].as_bytes(), name.as_bytes()) {
            return at;
        }
        at += 1;
    }
    NOTHING
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}
