//! One number for several, the same on every machine: after FNV-1a.

pub(crate) fn of(parts: impl IntoIterator<Item = u64>) -> u64 {
    parts.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, part| {
        (hash ^ part).wrapping_mul(0x0100_0000_01b3).rotate_left(23)
    })
}
