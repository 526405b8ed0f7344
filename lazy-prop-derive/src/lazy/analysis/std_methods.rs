//! The standard library's methods that are known by name.
//!
//! A name proves nothing, because a user's method may have it. So the receiver of a method that is
//! known to look must have a type of std, which rustc decides (`Known` in the runtime).

/// The class of a method of std that only looks. The runtime's `class` with that name lists the
/// types that have all of its methods.
pub(crate) fn class_of(name: &str) -> Option<&'static str> {
    let class = LOOKING.iter().find(|(_, names)| is_in(names, name));
    class.map(|(class, _)| *class)
}

/// The methods of std that only look, by class.
const LOOKING: &[(&str, &str)] = &[
    ("Every", "clone eq ne cmp partial_cmp lt le gt ge"),
    ("Shown", "to_string"),
    ("Sized", "len is_empty"),
    ("Iterated", "iter"),
    ("Ended", "first last"),
    ("Queued", "front back"),
    ("Indexed", "get"),
    ("Searched", "contains"),
    ("Affixed", "starts_with ends_with"),
    ("Split", "split rsplit splitn rsplitn split_at"),
    ("Repeated", "repeat"),
    ("Joined", "join"),
    ("Viewed", "as_ref"),
    ("Peeked", "peek"),
    ("Ranged", "range"),
    ("Grown", "capacity"),
    (
        "List",
        "as_slice binary_search binary_search_by binary_search_by_key chunk_by chunks chunks_exact \
         concat is_sorted partition_point rchunks split_first split_last to_vec windows",
    ),
    (
        "Text",
        "as_bytes bytes char_indices chars eq_ignore_ascii_case find is_ascii is_char_boundary \
         lines match_indices matches parse replace replacen rfind rsplit_once split_once \
         split_terminator split_whitespace strip_suffix to_ascii_lowercase to_ascii_uppercase \
         to_lowercase to_owned to_uppercase trim trim_end trim_end_matches trim_matches trim_start \
         trim_start_matches",
    ),
    ("String", "as_str"),
    ("Map", "contains_key get_key_value keys values"),
    ("Sorted", "first_key_value last_key_value"),
    (
        "Set",
        "difference intersection is_disjoint is_subset is_superset symmetric_difference union",
    ),
    (
        "Maybe",
        "and and_then as_deref cloned copied expect inspect map map_or map_or_else or or_else \
         unwrap unwrap_or unwrap_or_default unwrap_or_else",
    ),
    (
        "Option",
        "filter is_none is_none_or is_some is_some_and ok_or ok_or_else xor",
    ),
    ("Result", "err is_err is_ok is_ok_and ok unwrap_err"),
    ("Number", "abs clamp max min rem_euclid div_euclid signum"),
    (
        "Whole",
        "abs_diff checked_add checked_div checked_mul checked_rem checked_sub count_ones \
         count_zeros leading_zeros overflowing_add overflowing_mul overflowing_sub pow rotate_left \
         rotate_right saturating_add saturating_mul saturating_sub trailing_zeros wrapping_add \
         wrapping_div wrapping_mul wrapping_neg wrapping_pow wrapping_rem wrapping_shl wrapping_shr \
         wrapping_sub",
    ),
    (
        "Unsigned",
        "div_ceil is_power_of_two next_multiple_of next_power_of_two",
    ),
    ("Signed", "is_negative is_positive unsigned_abs"),
    (
        "Real",
        "acos asin atan atan2 cbrt ceil copysign cos exp floor fract hypot is_finite is_infinite \
         is_nan ln log10 log2 mul_add powf powi recip round sin sqrt tan to_bits to_degrees \
         to_radians total_cmp trunc",
    ),
    ("Bool", "then then_some"),
    (
        "Char",
        "is_alphabetic is_alphanumeric is_ascii_digit is_digit is_lowercase is_numeric is_uppercase \
         is_whitespace len_utf8 to_digit",
    ),
    (
        "Path",
        "as_path components display exists extension file_name file_stem is_absolute is_dir is_file \
         is_relative parent to_path_buf to_string_lossy with_extension with_file_name",
    ),
    (
        "Duration",
        "as_micros as_millis as_nanos as_secs as_secs_f32 as_secs_f64 is_zero subsec_millis \
         subsec_nanos",
    ),
    ("Instant", "duration_since elapsed"),
];

/// Whether a method of std with this name changes its receiver.
pub(crate) fn changes(name: &str) -> bool {
    name.contains("mut") || is_in(CHANGING, name)
}

const CHANGING: &str = "append clear clone_from dedup dedup_by dedup_by_key drain entry extend \
    extend_from_slice fill get_or_insert get_or_insert_with insert insert_str make_ascii_lowercase \
    make_ascii_uppercase pop pop_back pop_first pop_front pop_last push push_back push_front \
    push_str remove remove_entry replace replace_range resize retain reverse rotate_left \
    rotate_right set_extension set_file_name shrink_to_fit sort sort_by sort_by_key \
    sort_unstable split_off swap swap_remove take truncate";

/// The methods of std's traits that look at `self`, with names that no other trait of std has.
pub(crate) const LOOKING_AT_SELF: [&str; 3] = ["clone", "to_owned", "to_string"];

/// Whether a name is in a list with spaces between the names.
pub(crate) fn is_in(names: &str, name: &str) -> bool {
    names.split(' ').any(|one| one == name)
}
