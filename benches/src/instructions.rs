//! Table: the instructions of `#[lazy]` beside those of the same host written by hand.

use crate::hosts::{sync, unsync};
use crate::subject::Work;
use crate::table::{Column, Table};
use crate::{callgrind, first_reads, reads, setters};

/// A piece of work, ours and by hand.
pub(crate) const PAIRS: [(&str, Work, Work); 10] = [
    (
        "read, u64",
        reads!(unsync::Ours, unsync::Ours::new(1), unsync::Ours::number),
        reads!(
            unsync::ByHand,
            unsync::ByHand::new(1),
            unsync::ByHand::number
        ),
    ),
    (
        "read, &str",
        reads!(unsync::Ours, unsync::Ours::new(1), unsync::Ours::text, &str),
        reads!(
            unsync::ByHand,
            unsync::ByHand::new(1),
            unsync::ByHand::text,
            &str
        ),
    ),
    (
        "read, sync, u64",
        reads!(sync::Ours, sync::Ours::new(1), sync::Ours::number),
        reads!(sync::ByHand, sync::ByHand::new(1), sync::ByHand::number),
    ),
    (
        "read, sync, &str",
        reads!(sync::Ours, sync::Ours::new(1), sync::Ours::text, &str),
        reads!(sync::ByHand, sync::ByHand::new(1), sync::ByHand::text, &str),
    ),
    (
        "first read, u64",
        first_reads!(unsync::Ours, unsync::Ours::new(1), unsync::Ours::number),
        first_reads!(
            unsync::ByHand,
            unsync::ByHand::new(1),
            unsync::ByHand::number
        ),
    ),
    (
        "first read, &str",
        first_reads!(unsync::Ours, unsync::Ours::new(1), unsync::Ours::text, &str),
        first_reads!(
            unsync::ByHand,
            unsync::ByHand::new(1),
            unsync::ByHand::text,
            &str
        ),
    ),
    (
        "first read, sync, u64",
        first_reads!(sync::Ours, sync::Ours::new(1), sync::Ours::number),
        first_reads!(sync::ByHand, sync::ByHand::new(1), sync::ByHand::number),
    ),
    (
        "first read, sync, &str",
        first_reads!(sync::Ours, sync::Ours::new(1), sync::Ours::text, &str),
        first_reads!(sync::ByHand, sync::ByHand::new(1), sync::ByHand::text, &str),
    ),
    (
        "setter of a field that no property reads",
        setters!(unsync::Ours, unsync::Ours::new(1), unsync::Ours::set_note),
        setters!(
            unsync::ByHand,
            unsync::ByHand::new(1),
            unsync::ByHand::set_note
        ),
    ),
    (
        "setter of a field that no property reads, sync",
        setters!(sync::Ours, sync::Ours::new(1), sync::Ours::set_note),
        setters!(sync::ByHand, sync::ByHand::new(1), sync::ByHand::set_note),
    ),
];

pub(crate) fn measure() -> Result<Table, String> {
    if let Some(problem) = callgrind::missing() {
        return Err(problem);
    }
    let mut table = Table::new(
        "instructions",
        "Instructions of an accessor, without those of the body",
        &[
            Column::new("#[lazy]", 1),
            Column::new("by hand, same cell", 1),
            Column::new("ratio", 2),
        ],
    );
    for (name, ..) in PAIRS {
        eprintln!("counting: {name}");
        let ours = callgrind::instructions(&format!("{name}: ours"))?;
        let by_hand = callgrind::instructions(&format!("{name}: by hand"))?;
        table.row(name, [Some(ours), Some(by_hand), Some(ours / by_hand)]);
    }
    Ok(table)
}

/// The work with this id in [`measure`].
pub(crate) fn find(id: &str) -> Option<Work> {
    PAIRS
        .into_iter()
        .find_map(|(name, ours, by_hand)| match id.strip_prefix(name)? {
            ": ours" => Some(ours),
            ": by hand" => Some(by_hand),
            _ => None,
        })
}
