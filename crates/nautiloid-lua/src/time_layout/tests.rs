//! Known answers of Go's `time.Format`.

use super::format;

/// Mon Jan 2 15:04:05 2006 at UTC−7, the reference time.
const REFERENCE: f64 = 1_136_239_445.0;

#[test]
fn the_constants_of_gos_package_give_themselves() {
    let layouts = [
        "01/02 03:04:05PM '06 -0700",
        "Mon Jan _2 15:04:05 2006",
        "Mon Jan _2 15:04:05 MST 2006",
        "Mon Jan 02 15:04:05 -0700 2006",
        "02 Jan 06 15:04 MST",
        "02 Jan 06 15:04 -0700",
        "Monday, 02-Jan-06 15:04:05 MST",
        "Mon, 02 Jan 2006 15:04:05 MST",
        "Mon, 02 Jan 2006 15:04:05 -0700",
        "3:04PM",
        "Jan _2 15:04:05",
        "Jan _2 15:04:05.000",
        "Jan _2 15:04:05.000000",
        "Jan _2 15:04:05.000000000",
        "2006-01-02 15:04:05",
        "2006-01-02",
        "15:04:05",
    ];
    for layout in layouts {
        let written = format(REFERENCE, layout, Some("America/Phoenix")).unwrap();
        assert_eq!(written, layout.replace("_2", " 2"), "{layout}");
    }
    assert_eq!(format(REFERENCE, "2006-01-02T15:04:05Z07:00", Some("UTC")).unwrap(), "2006-01-02T22:04:05Z");
    assert_eq!(
        format(REFERENCE, "2006-01-02T15:04:05.999999999Z07:00", Some("America/Phoenix")).unwrap(),
        "2006-01-02T15:04:05-07:00"
    );
}

#[test]
fn every_piece_has_its_form() {
    // 2008-09-17 20:04:26 UTC, a Wednesday, day 261 of the year.
    let wednesday = 1_221_681_866.0;
    // 2024-02-03 00:05:09 UTC, a Saturday, day 34.
    let midnight = 1_706_918_709.0;
    // 2024-01-05 12:00:00 UTC.
    let noon = 1_704_456_000.0;
    let cases = [
        (wednesday, "2006 06", "2008 08"),
        (wednesday, "January Jan 01 1", "September Sep 09 9"),
        (wednesday, "Monday Mon", "Wednesday Wed"),
        (wednesday, "02 _2 2", "17 17 17"),
        (wednesday, "002 __2", "261 261"),
        (wednesday, "15 03 3 PM pm", "20 08 8 PM pm"),
        (wednesday, "04 4 05 5", "04 4 26 26"),
        (midnight, "02 _2 2", "03  3 3"),
        (midnight, "002 __2", "034  34"),
        (midnight, "15 03 3 PM pm", "00 12 12 AM am"),
        (midnight, "04 4 05 5", "05 5 09 9"),
        (noon, "15 03 3 PM", "12 12 12 PM"),
        (noon, "002|__2", "005|  5"),
        (wednesday, "Z07:00 Z0700 Z07 Z07:00:00 Z070000", "Z Z Z Z Z"),
        (wednesday, "-07:00 -0700 -07 -07:00:00 -070000", "+00:00 +0000 +00 +00:00:00 +000000"),
        (wednesday, "MST", "UTC"),
        (wednesday, "20060102150405", "20080917200426"),
        (wednesday, "2006.01.02", "2008.09.17"),
        (wednesday, "_2006 x_2006", "_2008 x_2008"),
        (wednesday, "Month Janet Mond", "Month Janet Mond"),
        (wednesday, "MonJan", "WedSep"),
        (wednesday, "heute: grün 🐙 über", "heute: grün 🐙 über"),
        (wednesday, "", ""),
        (0.0, "2006-01-02 15:04:05", "1970-01-01 00:00:00"),
        (-1.0, "2006-01-02 15:04:05", "1969-12-31 23:59:59"),
        (951_782_400.0, "Jan 2 2006", "Feb 29 2000"),
        (253_402_171_200.0, "2006-01-02", "9999-12-30"),
        (-62_135_596_800.0, "2006-01-02 06 Mon", "0001-01-01 01 Mon"),
    ];
    for (seconds, layout, written) in cases {
        assert_eq!(format(seconds, layout, Some("UTC")).unwrap(), written, "{layout}");
    }
}

#[test]
fn fractions_are_cut_and_trimmed() {
    let cases = [
        (1_700_000_000.123, "05.000", "20.123"),
        (1_700_000_000.123_987, "05.000", "20.123"),
        (1_700_000_000.123_987, "05,000", "20,123"),
        (1_700_000_000.5, "05.000000000", "20.500000000"),
        (1_700_000_000.5, "05.999999999", "20.5"),
        (1_700_000_000.5, "05,999", "20,5"),
        (1_700_000_000.5, "05.00000000000", "20.500000000"),
        (1_700_000_000.0, "05.999", "20"),
        (1_700_000_000.0, "05.000", "20.000"),
        (1_700_000_000.0, "05.0", "20.0"),
        (1_700_000_000.000_1, "05.999", "20"),
        // A digit that follows makes it no fraction: this is a dot, a `0`, and the month.
        (1_700_000_000.5, "05.001", "20.011"),
        (-0.25, "15:04:05.00", "23:59:59.75"),
    ];
    for (seconds, layout, written) in cases {
        assert_eq!(format(seconds, layout, Some("UTC")).unwrap(), written, "{seconds} {layout}");
    }
}

#[test]
fn zones_have_their_offset_and_abbreviation() {
    let layout = "2006-01-02T15:04:05Z07:00 MST";
    let cases = [
        (1_705_320_000.0, "Europe/Berlin", "2024-01-15T13:00:00+01:00 CET"),
        (1_721_044_800.0, "Europe/Berlin", "2024-07-15T14:00:00+02:00 CEST"),
        (1_721_044_800.0, "America/New_York", "2024-07-15T08:00:00-04:00 EDT"),
        (1_721_044_800.0, "Asia/Kolkata", "2024-07-15T17:30:00+05:30 IST"),
        (1_721_044_800.0, "America/St_Johns", "2024-07-15T09:30:00-02:30 NDT"),
        (1_721_044_800.0, "America/Sao_Paulo", "2024-07-15T09:00:00-03:00 -03"),
        (1_721_044_800.0, "UTC", "2024-07-15T12:00:00Z UTC"),
        (1_721_044_800.0, "", "2024-07-15T12:00:00Z UTC"),
        // The hour that comes twice.
        (1_729_987_200.0, "Europe/Berlin", "2024-10-27T02:00:00+02:00 CEST"),
        (1_729_990_800.0, "Europe/Berlin", "2024-10-27T02:00:00+01:00 CET"),
    ];
    for (seconds, zone, written) in cases {
        assert_eq!(format(seconds, layout, Some(zone)).unwrap(), written, "{zone}");
    }
    // Local mean time, before there were zones.
    assert_eq!(format(-3_000_000_000.0, "-07:00:00", Some("Europe/Berlin")).unwrap(), "+00:53:28");
    let system = format(1_721_044_800.0, layout, None).unwrap();
    assert_eq!(format(1_721_044_800.0, layout, Some("Local")).unwrap(), system);
}

#[test]
fn errors_say_what_to_do() {
    let unknown = format(0.0, "2006", Some("Europe/Berlln")).unwrap_err().to_string();
    assert_eq!(
        unknown,
        "unknown time zone \"Europe/Berlln\": give a name of the IANA database such as \"Europe/Berlin\", or \"UTC\", \
         or \"Local\" for the zone of this system"
    );
    for seconds in [1.7e12, -1e11, 1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error = format(seconds, "2006", Some("UTC")).unwrap_err().to_string();
        let start = format!("cannot write the time {seconds}: give Unix seconds (not milliseconds)");
        assert!(error.starts_with(&start), "{error}");
    }
}
