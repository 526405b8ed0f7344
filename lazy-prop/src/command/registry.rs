//! Every command of the program, wherever it is declared.

use super::entry::Entry;
use std::vec::Vec;

inventory::collect!(Entry);

/// All commands by name, whatever the order in which they were linked.
pub(super) fn sorted() -> Vec<&'static Entry> {
    let mut entries: Vec<&Entry> = inventory::iter::<Entry>.into_iter().collect();
    entries.sort_by_key(|entry| entry.stub.path);
    entries
}
