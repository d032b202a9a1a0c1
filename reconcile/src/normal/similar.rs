//! How far apart two short words are.

/// The fewest insertions, deletions, replacements and exchanges of neighbours that make one word the
/// other (optimal string alignment); `None` beyond `most`.
pub fn distance(one: &str, other: &str, most: usize) -> Option<usize> {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    let width = other.len() + 1;
    let mut rows = [(0..width).collect::<Vec<usize>>(), vec![0; width], vec![0; width]];
    // rows[0] is the line above, rows[1] the one above that.
    for (i, &a) in one.iter().enumerate() {
        let [above, two_above, line] = &mut rows;
        line[0] = i + 1;
        let mut least = line[0];
        for (j, &b) in other.iter().enumerate() {
            let mut cost = (above[j] + usize::from(a != b)).min(above[j + 1] + 1).min(line[j] + 1);
            if i > 0 && j > 0 && a == other[j - 1] && b == one[i - 1] {
                cost = cost.min(two_above[j - 1] + 1);
            }
            line[j + 1] = cost;
            least = least.min(cost);
        }
        if least > most {
            return None;
        }
        rows.rotate_right(1);
    }
    let found = rows[0][width - 1];
    (found <= most).then_some(found)
}

/// How many letters one word has that the other has not, whatever their order: keys that were hit in
/// the wrong order leave it at nothing.
pub(crate) fn letters_apart(one: &str, other: &str) -> usize {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let (one, other) = (sorted(one), sorted(other));
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < one.len() && j < other.len() {
        match one[i].cmp(&other[j]) {
            std::cmp::Ordering::Equal => {
                (i, j, common) = (i + 1, j + 1, common + 1);
            }
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
        }
    }
    one.len().max(other.len()) - common
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (one, other, expected) in [
            ("", "", Some(0)),
            ("smith", "smith", Some(0)),
            ("smith", "smyth", Some(1)),
            ("julia", "juila", Some(1)),
            ("smith", "smiths", Some(1)),
            ("connolly", "conolly", Some(1)),
            ("ca", "abc", Some(3)),
            ("smith", "jones", None),
            ("zoë", "zoe", Some(1)),
        ] {
            assert_eq!(distance(one, other, 3), expected, "{one} {other}");
            assert_eq!(distance(other, one, 3), expected, "{other} {one}");
        }
    }

    #[test]
    fn letters() {
        for (one, other, expected) in
            [("james", "saejm", 0), ("james", "jams", 1), ("ann", "bob", 3), ("", "ab", 2)]
        {
            assert_eq!(letters_apart(one, other), expected, "{one} {other}");
        }
    }
}
