//! Reads a layout: which parts of it stand for parts of a time.

/// A part of a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Piece {
    LongYear,
    Year,
    LongMonth,
    ShortMonth,
    Month(Pad),
    LongWeekday,
    ShortWeekday,
    Day(Pad),
    DayOfYear(Pad),
    Hour,
    HourOfHalfDay(Pad),
    Minute(Pad),
    Second(Pad),
    Fraction(Fraction),
    UpperHalfDay,
    LowerHalfDay,
    Abbreviation,
    Offset {
        /// 1: hours, 2: minutes too, 3: seconds too.
        parts: usize,
        colons: bool,
        z_for_utc: bool,
    },
}

/// What a number is filled up with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Pad {
    None,
    Zero,
    Space,
}

/// The fraction of a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fraction {
    pub(super) separator: char,
    pub(super) digits: usize,
    /// Whether zeros at the end are left out.
    pub(super) trimmed: bool,
}

/// A part of a layout.
#[derive(Debug, PartialEq)]
pub(super) enum Text<'a> {
    Literal(&'a str),
    Piece(Piece),
}

const fn offset(parts: usize, colons: bool, z_for_utc: bool) -> Piece {
    Piece::Offset { parts, colons, z_for_utc }
}

/// The words of a layout. Where one begins another, the longer comes first.
const WORDS: [(&str, Piece); 33] = [
    ("January", Piece::LongMonth),
    ("Jan", Piece::ShortMonth),
    ("Monday", Piece::LongWeekday),
    ("Mon", Piece::ShortWeekday),
    ("MST", Piece::Abbreviation),
    ("01", Piece::Month(Pad::Zero)),
    ("02", Piece::Day(Pad::Zero)),
    ("03", Piece::HourOfHalfDay(Pad::Zero)),
    ("04", Piece::Minute(Pad::Zero)),
    ("05", Piece::Second(Pad::Zero)),
    ("06", Piece::Year),
    ("002", Piece::DayOfYear(Pad::Zero)),
    ("15", Piece::Hour),
    ("1", Piece::Month(Pad::None)),
    ("2006", Piece::LongYear),
    ("2", Piece::Day(Pad::None)),
    ("__2", Piece::DayOfYear(Pad::Space)),
    ("_2", Piece::Day(Pad::Space)),
    ("3", Piece::HourOfHalfDay(Pad::None)),
    ("4", Piece::Minute(Pad::None)),
    ("5", Piece::Second(Pad::None)),
    ("PM", Piece::UpperHalfDay),
    ("pm", Piece::LowerHalfDay),
    ("-07:00:00", offset(3, true, false)),
    ("-070000", offset(3, false, false)),
    ("-07:00", offset(2, true, false)),
    ("-0700", offset(2, false, false)),
    ("-07", offset(1, false, false)),
    ("Z07:00:00", offset(3, true, true)),
    ("Z070000", offset(3, false, true)),
    ("Z07:00", offset(2, true, true)),
    ("Z0700", offset(2, false, true)),
    ("Z07", offset(1, false, true)),
];

/// The parts of a layout, in order.
pub(super) fn read(layout: &str) -> impl Iterator<Item = Text<'_>> {
    let mut rest = layout;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((length, piece)) = piece_at(rest) {
            rest = rest.get(length..).unwrap_or_default();
            return Some(Text::Piece(piece));
        }
        let starts_piece = |at: &usize| rest.get(*at..).and_then(piece_at).is_some();
        let end = rest.char_indices().map(|(at, _)| at).skip(1).find(starts_piece).unwrap_or(rest.len());
        let (literal, after) = rest.split_at(end);
        rest = after;
        Some(Text::Literal(literal))
    })
}

/// The piece at the beginning of a text, with its length in bytes.
fn piece_at(text: &str) -> Option<(usize, Piece)> {
    // An underscore, then the year: not the padded day before `006`.
    if text.starts_with("_2006") {
        return None;
    }
    if let Some(found) = fraction_at(text) {
        return Some(found);
    }
    let (word, piece) = WORDS.iter().find(|(word, _)| text.starts_with(word))?;
    let after = text.get(word.len()..).unwrap_or_default();
    // `Jan` and `Mon` are short names only where they end: the word `Month` is none.
    let short_name = matches!(piece, Piece::ShortMonth | Piece::ShortWeekday);
    if short_name && after.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    Some((word.len(), *piece))
}

/// `.000` or `,999`, where no other digit follows.
fn fraction_at(text: &str) -> Option<(usize, Piece)> {
    let separator = text.chars().next().filter(|c| matches!(c, '.' | ','))?;
    let digit = text.chars().nth(1).filter(|c| matches!(c, '0' | '9'))?;
    let digits = text.chars().skip(1).take_while(|c| *c == digit).count();
    if text.chars().nth(1 + digits).is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    Some((1 + digits, Piece::Fraction(Fraction { separator, digits, trimmed: digit == '9' })))
}
