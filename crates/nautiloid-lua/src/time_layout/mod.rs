//! Dates in the layouts of Go's `time` package, which scripts written for gopher-lua's host know: an example of the date
//! instead of a format with signs, `2006-01-02 15:04:05` being the reference time in every layout.
//!
//! See <https://pkg.go.dev/time#pkg-constants> for the language; [`piece`] reads it, and this module writes it.

mod piece;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::{DateTime, Weekday};
use jiff::tz::{Offset, TimeZone};

use piece::{Fraction, Piece, Text};

/// Why a time cannot be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LayoutError {
    #[error(
        "unknown time zone {0:?}: give a name of the IANA database such as \"Europe/Berlin\", or \"UTC\", or \"Local\" \
         for the zone of this system"
    )]
    UnknownZone(String),
    #[error("cannot write the time {0}: give Unix seconds (not milliseconds) of a year from 0 to 9999")]
    OutOfRange(f64),
}

/// Writes a Unix timestamp by a Go layout.
///
/// The time is rounded to microseconds, since a double holds the seconds of today to a quarter of one: without it
/// `1700000000.123`, whose double is a little less, would end in `.122`. Below that, fractions are cut as Go cuts them.
///
/// `zone` is an IANA name, `"UTC"`, or `"Local"` for the zone of the system, which is also meant when there is none; a
/// system that has no zone is in UTC.
///
/// # Errors
///
/// A zone that the system's database does not know, or a time outside of the years 0 to 9999.
pub(crate) fn format(unix_seconds: f64, layout: &str, zone: Option<&str>) -> Result<String, LayoutError> {
    let moment = Moment::at(unix_seconds, &zone_named(zone)?).ok_or(LayoutError::OutOfRange(unix_seconds))?;
    let mut out = String::with_capacity(layout.len() + 16);
    for text in piece::read(layout) {
        match text {
            Text::Literal(literal) => out.push_str(literal),
            Text::Piece(piece) => moment.write(piece, &mut out),
        }
    }
    Ok(out)
}

fn zone_named(name: Option<&str>) -> Result<TimeZone, LayoutError> {
    match name {
        None | Some("Local") => Ok(TimeZone::try_system().unwrap_or(TimeZone::UTC)),
        Some("UTC" | "") => Ok(TimeZone::UTC),
        Some(name) => TimeZone::get(name).map_err(|_| LayoutError::UnknownZone(name.to_owned())),
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A point in time as the calendar and the clock of a zone show it.
struct Moment {
    local: DateTime,
    offset: Offset,
    abbreviation: String,
}

impl Moment {
    /// `None` when it is outside of the years that four digits can say.
    fn at(unix_seconds: f64, zone: &TimeZone) -> Option<Self> {
        let microseconds = (unix_seconds * 1e6).round();
        // Far more than jiff takes; what is not within is infinite, or no number.
        if !(-1e18..1e18).contains(&microseconds) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "integral and within the range of i64")]
        let timestamp = Timestamp::from_microsecond(microseconds as i64).ok()?;
        let info = zone.to_offset_info(timestamp);
        let local = info.offset().to_datetime(timestamp);
        let moment = Moment { local, offset: info.offset(), abbreviation: info.abbreviation().to_owned() };
        (0..=9999).contains(&local.year()).then_some(moment)
    }

    fn write(&self, piece: Piece, out: &mut String) {
        let t = &self.local;
        let hour_of_half_day = || if t.hour() % 12 == 0 { 12 } else { t.hour() % 12 };
        match piece {
            Piece::LongYear => padded(out, t.year(), 4, '0'),
            Piece::Year => padded(out, t.year() % 100, 2, '0'),
            Piece::LongMonth => out.push_str(self.month()),
            Piece::ShortMonth => out.extend(self.month().chars().take(3)),
            Piece::Month(pad) => pad.write(out, t.month().into(), 2),
            Piece::LongWeekday => out.push_str(self.weekday()),
            Piece::ShortWeekday => out.extend(self.weekday().chars().take(3)),
            Piece::Day(pad) => pad.write(out, t.day().into(), 2),
            Piece::DayOfYear(pad) => pad.write(out, t.day_of_year(), 3),
            Piece::Hour => padded(out, t.hour(), 2, '0'),
            Piece::HourOfHalfDay(pad) => pad.write(out, hour_of_half_day().into(), 2),
            Piece::Minute(pad) => pad.write(out, t.minute().into(), 2),
            Piece::Second(pad) => pad.write(out, t.second().into(), 2),
            Piece::Fraction(fraction) => self.write_fraction(&fraction, out),
            Piece::UpperHalfDay => out.push_str(if t.hour() < 12 { "AM" } else { "PM" }),
            Piece::LowerHalfDay => out.push_str(if t.hour() < 12 { "am" } else { "pm" }),
            Piece::Abbreviation => out.push_str(&self.abbreviation),
            Piece::Offset { z_for_utc: true, .. } if self.offset.seconds() == 0 => out.push('Z'),
            Piece::Offset { parts, colons, .. } => self.write_offset(parts, colons, out),
        }
    }

    fn month(&self) -> &'static str {
        usize::try_from(self.local.month()).ok().and_then(|month| MONTHS.get(month - 1)).copied().unwrap_or_default()
    }

    fn weekday(&self) -> &'static str {
        match self.local.weekday() {
            Weekday::Monday => "Monday",
            Weekday::Tuesday => "Tuesday",
            Weekday::Wednesday => "Wednesday",
            Weekday::Thursday => "Thursday",
            Weekday::Friday => "Friday",
            Weekday::Saturday => "Saturday",
            Weekday::Sunday => "Sunday",
        }
    }

    fn write_fraction(&self, fraction: &Fraction, out: &mut String) {
        let all = format!("{:09}", self.local.subsec_nanosecond());
        let mut digits = all.get(..fraction.digits).unwrap_or(&all);
        if fraction.trimmed {
            digits = digits.trim_end_matches('0');
            if digits.is_empty() {
                return;
            }
        }
        out.push(fraction.separator);
        out.push_str(digits);
    }

    /// The offset's first `parts` of hours, minutes and seconds.
    fn write_offset(&self, parts: usize, colons: bool, out: &mut String) {
        let seconds = self.offset.seconds();
        out.push(if seconds < 0 { '-' } else { '+' });
        let seconds = seconds.unsigned_abs();
        for (index, part) in [seconds / 3600, seconds / 60 % 60, seconds % 60].into_iter().take(parts).enumerate() {
            if colons && index > 0 {
                out.push(':');
            }
            padded(out, part, 2, '0');
        }
    }
}

impl piece::Pad {
    fn write(self, out: &mut String, number: i16, width: usize) {
        match self {
            piece::Pad::None => padded(out, number, 0, ' '),
            piece::Pad::Zero => padded(out, number, width, '0'),
            piece::Pad::Space => padded(out, number, width, ' '),
        }
    }
}

fn padded(out: &mut String, number: impl Into<i64>, width: usize, fill: char) {
    let digits = number.into().to_string();
    out.extend(std::iter::repeat_n(fill, width.saturating_sub(digits.len())));
    out.push_str(&digits);
}
