//! Members by rank, by score, or by name: reading, counting, removing and storing ranges of them.

use std::cmp::Ordering;
use std::ops::Range;

use bytes::Bytes;
use nautiloid_resp::Value;

use super::{popped_values, remove_all, scored, set};
use crate::commands::parse::{count, integer, is, range_of_places, syntax};
use crate::commands::score::{MemberBound, ScoreBound};
use crate::commands::{Command, Kind, command};
use crate::context::{Context, Outcome};
use crate::keyspace::{SortedSet, Stored};

pub(super) const COMMANDS: &[Command] = &[
    command("zrange", -4, Kind::Read, |context, args| {
        let query = Query::parse_any(&args[2..], true)?;
        read(context, &args[1], &query)
    }),
    command("zrangestore", -5, Kind::Write, |context, args| {
        let query = Query::parse_any(&args[3..], false)?;
        store(context, &args[1], &args[2], &query)
    }),
    command("zrevrange", -4, Kind::Read, |context, args| legacy(context, args, By::Rank, true)),
    command("zrangebyscore", -4, Kind::Read, |context, args| legacy(context, args, By::Score, false)),
    command("zrevrangebyscore", -4, Kind::Read, |context, args| legacy(context, args, By::Score, true)),
    command("zrangebylex", -4, Kind::Read, |context, args| legacy(context, args, By::Member, false)),
    command("zrevrangebylex", -4, Kind::Read, |context, args| legacy(context, args, By::Member, true)),
    command("zcount", 4, Kind::Read, |context, args| length(context, args, By::Score)),
    command("zlexcount", 4, Kind::Read, |context, args| length(context, args, By::Member)),
    command("zremrangebyrank", 4, Kind::Write, |context, args| remove(context, args, By::Rank)),
    command("zremrangebyscore", 4, Kind::Write, |context, args| remove(context, args, By::Score)),
    command("zremrangebylex", 4, Kind::Write, |context, args| remove(context, args, By::Member)),
];

/// What a range is in terms of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Rank,
    Score,
    Member,
}

/// A range before it is known which members are in it.
#[derive(Debug, Clone, Copy)]
enum Bounds<'a> {
    /// From and to this rank; negative ones count from the end.
    Rank(i64, i64),
    Score(ScoreBound, ScoreBound),
    Member(MemberBound<'a>, MemberBound<'a>),
}

impl<'a> Bounds<'a> {
    fn parse(by: By, least: &'a Bytes, most: &'a Bytes) -> Result<Self, Value> {
        Ok(match by {
            By::Rank => Bounds::Rank(integer(least)?, integer(most)?),
            By::Score => Bounds::Score(ScoreBound::parse(least)?, ScoreBound::parse(most)?),
            By::Member => Bounds::Member(MemberBound::parse(least)?, MemberBound::parse(most)?),
        })
    }

    /// The ranks of the members in the range; with `reverse`, ranks of a [`Bounds::Rank`] count from the last.
    fn ranks(&self, set: &SortedSet, reverse: bool) -> Range<usize> {
        match *self {
            Bounds::Rank(start, stop) => {
                let ranks = range_of_places(start, stop, set.len());
                if reverse { set.len() - ranks.end..set.len() - ranks.start } else { ranks }
            }
            Bounds::Score(least, most) => {
                let start = set.count_before(|_, score| score < least.score || least.is_open && score == least.score);
                let end = set.count_before(|_, score| score < most.score || !most.is_open && score == most.score);
                start..end.max(start)
            }
            Bounds::Member(least, most) => {
                let start = set.count_before(|member, _| match least {
                    MemberBound::Lowest => false,
                    MemberBound::Highest => true,
                    MemberBound::At { member: bound, is_open } => match member.cmp(bound) {
                        Ordering::Less => true,
                        Ordering::Equal => is_open,
                        Ordering::Greater => false,
                    },
                });
                let end = set.count_before(|member, _| match most {
                    MemberBound::Lowest => false,
                    MemberBound::Highest => true,
                    MemberBound::At { member: bound, is_open } => match member.cmp(bound) {
                        Ordering::Less => true,
                        Ordering::Equal => !is_open,
                        Ordering::Greater => false,
                    },
                });
                start..end.max(start)
            }
        }
    }
}

/// What `ZRANGE` and its relatives ask for.
struct Query<'a> {
    bounds: Bounds<'a>,
    reverse: bool,
    /// Offset and count; a negative count is all.
    limit: Option<(i64, i64)>,
    with_scores: bool,
}

#[derive(Default)]
struct QueryOptions {
    by_score: bool,
    by_member: bool,
    reverse: bool,
    limit: Option<(i64, i64)>,
    with_scores: bool,
}

impl QueryOptions {
    /// `allow_kind` says whether the options may say what the range is in terms of, `allow_scores` whether scores can be
    /// asked for.
    fn parse(mut args: &[Bytes], allow_kind: bool, allow_scores: bool) -> Result<Self, Value> {
        let mut options = QueryOptions::default();
        while let Some((option, rest)) = args.split_first() {
            args = rest;
            let has_kind = options.by_score || options.by_member;
            if allow_scores && is(option, "withscores") {
                options.with_scores = true;
            } else if is(option, "limit") && rest.len() >= 2 {
                options.limit = Some((integer(&rest[0])?, integer(&rest[1])?));
                args = &rest[2..];
            } else if allow_kind && !options.reverse && is(option, "rev") {
                options.reverse = true;
            } else if allow_kind && !has_kind && is(option, "byscore") {
                options.by_score = true;
            } else if allow_kind && !has_kind && is(option, "bylex") {
                options.by_member = true;
            } else {
                return Err(syntax());
            }
        }
        Ok(options)
    }

    fn check(&self, by: By) -> Result<(), Value> {
        // As in Redis: a count of -1 is no limit, whatever the offset is.
        if self.limit.is_some_and(|(_, count)| count != -1) && by == By::Rank {
            return Err(Value::error(
                "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX",
            ));
        }
        if self.with_scores && by == By::Member {
            return Err(Value::error("ERR syntax error, WITHSCORES not supported in combination with BYLEX"));
        }
        Ok(())
    }
}

impl<'a> Query<'a> {
    /// Of `ZRANGE` and `ZRANGESTORE`: the options say what the range is in terms of.
    fn parse_any(args: &'a [Bytes], allow_scores: bool) -> Result<Self, Value> {
        let options = QueryOptions::parse(&args[2..], true, allow_scores)?;
        let by = match (options.by_score, options.by_member) {
            (true, _) => By::Score,
            (_, true) => By::Member,
            _ => By::Rank,
        };
        Self::new(by, &args[0], &args[1], options)
    }

    fn new(by: By, first: &'a Bytes, second: &'a Bytes, options: QueryOptions) -> Result<Self, Value> {
        options.check(by)?;
        // From high to low, the higher end comes first.
        let swapped = options.reverse && by != By::Rank;
        let bounds = if swapped { Bounds::parse(by, second, first)? } else { Bounds::parse(by, first, second)? };
        let QueryOptions { reverse, limit, with_scores, .. } = options;
        let limit = limit.filter(|_| by != By::Rank);
        Ok(Query { bounds, reverse, limit, with_scores })
    }

    fn select(&self, set: &SortedSet) -> Vec<(Value, f64)> {
        let mut ranks = self.bounds.ranks(set, self.reverse);
        if let Some((offset, count)) = self.limit {
            let Ok(offset) = usize::try_from(offset) else { return Vec::new() };
            let skipped = offset.min(ranks.len());
            let kept = usize::try_from(count).unwrap_or(usize::MAX).min(ranks.len() - skipped);
            ranks = if self.reverse {
                ranks.end - skipped - kept..ranks.end - skipped
            } else {
                ranks.start + skipped..ranks.start + skipped + kept
            };
        }
        let mut selected = popped_values(&set.range(ranks));
        if self.reverse {
            selected.reverse();
        }
        selected
    }
}

fn legacy(context: &mut Context<'_>, args: &[Bytes], by: By, reverse: bool) -> Outcome {
    let options = QueryOptions::parse(&args[4..], false, true)?;
    let query = Query::new(by, &args[2], &args[3], QueryOptions { reverse, ..options })?;
    read(context, &args[1], &query)
}

fn read(context: &mut Context<'_>, key: &[u8], query: &Query<'_>) -> Outcome {
    let selected = set(context, key)?.map(|set| query.select(set)).unwrap_or_default();
    if query.with_scores {
        return Ok(scored(selected, context.speaks_resp3()));
    }
    Ok(Value::Array(selected.into_iter().map(|(member, _)| member).collect()))
}

fn store(context: &mut Context<'_>, destination: &[u8], source: &[u8], query: &Query<'_>) -> Outcome {
    let mut stored = SortedSet::default();
    for (member, score) in set(context, source)?.map(|set| query.select(set)).unwrap_or_default() {
        if let Value::Bulk(member) = member {
            stored.insert(&member, score);
        }
    }
    Ok(put(context, destination, stored))
}

/// Puts a set where whatever was there is gone; an empty one is no key. Gives its length.
pub(super) fn put(context: &mut Context<'_>, destination: &[u8], stored: SortedSet) -> Value {
    let (now, length) = (context.now, stored.len());
    if stored.is_empty() {
        context.db().remove(destination, now);
    } else {
        context.db().insert(destination, Stored::SortedSet(Box::new(stored)));
    }
    count(length)
}

fn length(context: &mut Context<'_>, args: &[Bytes], by: By) -> Outcome {
    let bounds = Bounds::parse(by, &args[2], &args[3])?;
    Ok(count(set(context, &args[1])?.map_or(0, |set| bounds.ranks(set, false).len())))
}

fn remove(context: &mut Context<'_>, args: &[Bytes], by: By) -> Outcome {
    let bounds = Bounds::parse(by, &args[2], &args[3])?;
    let Some(found) = set(context, &args[1])? else { return Ok(Value::Integer(0)) };
    let members = found.range(bounds.ranks(found, false)).into_iter().map(|(member, _)| member.to_vec());
    let members: Vec<_> = members.collect();
    remove_all(context, &args[1], members)
}
