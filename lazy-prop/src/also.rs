//! What a block with `#[lazy(also)]` asks of the home, at compile time.

/// A number that no change has.
const NOTHING: usize = usize::MAX;

/// The number of a change of this field.
#[must_use]
pub const fn target_of(fields: &[&str], field: &str) -> usize {
    let found = position(fields, field);
    if found == NOTHING {
        // A property that reads everything reads this field too.
        return position(fields, "");
    }
    found
}

/// The number of a change of every field, unless the home has a method of this name.
#[must_use]
pub const fn target_unless(methods: &[&str], fields: &[&str], method: &str) -> usize {
    if position(methods, method) == NOTHING {
        fields.len()
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
