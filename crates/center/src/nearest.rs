//! "Did you mean": the known word nearest to an unknown one.

/// Gives ` ; did you mean "…"?` with the nearest known word, or nothing when none is near.
pub(crate) fn did_you_mean<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(unknown, known) {
        Some(word) => format!("; did you mean {word:?}?"),
        None => String::new(),
    }
}

fn nearest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = unknown.chars().count();
    if length > 64 {
        return None;
    }
    let most = (length / 3).max(1);
    known
        .into_iter()
        .map(|word| (distance(unknown, word), word))
        .filter(|(edits, _)| *edits <= most)
        .min()
        .map(|(_, word)| word)
}

// Counts the least insertions, removals and exchanges of one letter, and swaps of neighbours.
fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().flat_map(char::to_lowercase).collect();
    let other: Vec<char> = other.chars().flat_map(char::to_lowercase).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, candidate) in other.iter().enumerate() {
            let exchanged = above[column] + usize::from(letter != candidate);
            let mut least = exchanged.min(above[column + 1] + 1).min(line[column] + 1);
            let swapped =
                row > 0 && column > 0 && one[row - 1] == *candidate && other[column - 1] == *letter;
            if swapped {
                least = least.min(before[column - 1] + 1);
            }
            line.push(least);
        }
        before = std::mem::replace(&mut above, line);
    }
    above[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        let known = ["booking", "rebooking", "refund"];

        assert_eq!(nearest("bokking", known), Some("booking"));
        assert_eq!(nearest("refnud", known), Some("refund"));
        assert_eq!(nearest("Booking", known), Some("booking"));
        assert_eq!(nearest("wallboard", known), None);
        assert_eq!(did_you_mean("refun", known), "; did you mean \"refund\"?");
    }
}
