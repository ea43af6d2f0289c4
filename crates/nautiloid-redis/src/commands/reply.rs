//! Results: what the reply of a Redis command becomes.

/// How a reply becomes the results of a function. An error reply is always `nil` and its text.
///
/// Where nothing is said of it, a reply of nil is the error [`NIL_ERROR`]. Replies of RESP2 and RESP3 give the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// The reply as it is, whatever it is: what a script inside Redis gives.
    Plain,
    /// As it is: `"OK"`.
    Ok,
    /// As it is: an integer.
    Integer,
    /// As it is: a string.
    String,
    /// As it is: an array of strings.
    Strings,
    /// As it is: a string, or an array of them where a count was asked for.
    StringOrStrings,
    /// As it is: `"OK"` or a string, and a reply of nil is `nil` and no error: it is an answer, not something missing.
    Optional,
    /// A number that Redis may send as a string.
    Float,
    /// A string, or what [`Shape::ReplyType`](super::Shape::ReplyType) asks for.
    Text,
    /// `1` is `true`, `0` is `false`.
    Boolean,
    /// `1` is `"OK"`, `0` is `false`.
    OkOrFalse,
    /// `"OK"`, no error, and the number as the third result.
    OkAndNumber,
    /// Fields and values in turn become a table field → string.
    Map,
    /// An array with an element a key of the request becomes a table key → string, without the keys that have none.
    ByKey,
    /// An array with an element for each argument after the key becomes a table argument → string, without those that
    /// have none.
    ByArgument,
    /// As [`Reply::ByArgument`], each a number that Redis may send as a string.
    NumberByArgument,
    /// As [`Reply::ByArgument`], each `true` or `false`.
    BooleanByArgument,
    /// Members and scores in turn become an array of `{ member =, score = }`.
    Scored,
    /// A step of a scan: `{ cursor =, fields = table field → string }`.
    ScanMap,
    /// A step of a scan: `{ cursor =, members = array }`.
    ScanMembers,
    /// A step of a scan: `{ cursor =, members = array of { member =, score = } }`.
    ScanScored,
    /// Entries of a stream become an array of `{ id =, fields = table field → string }`.
    Entries,
}

/// What a missing key, field or member gives as the error: scripts in the field test for this very string.
pub const NIL_ERROR: &str = "redis: nil";
