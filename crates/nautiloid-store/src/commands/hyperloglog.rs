//! Commands that count distinct elements approximately.
//!
//! The value is a string in Redis' own form: a header, then 16384 registers, either of six bits each (dense) or as runs
//! (sparse). So what a Redis has written can be read here, and the other way round. The sparse form is written anew as a
//! whole at each change, which is short as long as it is sparse.
//!
//! Sources: "HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm" by Flajolet and others; "New
//! cardinality estimation algorithms for HyperLogLog sketches" by Ertl, whose estimator this is; MurmurHash64A by Appleby.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::parse::count;
use super::{Command, Kind, command};
use crate::context::{Context, Outcome};
use crate::keyspace::Stored;

pub(super) const COMMANDS: &[Command] = &[
    command("pfadd", -2, Kind::Write, add),
    command("pfcount", -2, Kind::Read, |context, args| {
        let mut union = Registers::default();
        for key in &args[1..] {
            if let Some(registers) = read(context, key)? {
                union.merge(&registers);
            }
        }
        Ok(count(union.estimate()))
    }),
    command("pfmerge", -2, Kind::Write, merge),
];

/// Number of registers, and of bits of a hash that choose one.
const REGISTERS: usize = 1 << INDEX_BITS;
const INDEX_BITS: u32 = 14;
/// Bits of a hash that are counted.
const COUNTED_BITS: u32 = 64 - INDEX_BITS;
/// Bits of a register in the dense form.
const REGISTER_BITS: usize = 6;

const MAGIC: &[u8] = b"HYLL";
const HEADER: usize = 16;
const DENSE: u8 = 0;
const SPARSE: u8 = 1;
const DENSE_LENGTH: usize = HEADER + REGISTERS * REGISTER_BITS / 8;
/// Longest sparse form and largest register in it.
const LONGEST_SPARSE: usize = HEADER + 3000;
const LARGEST_SPARSE: u8 = 32;

struct Registers {
    values: Box<[u8; REGISTERS]>,
    /// Once dense, it stays so.
    dense: bool,
}

impl Default for Registers {
    fn default() -> Self {
        Registers { values: Box::new([0; REGISTERS]), dense: false }
    }
}

impl Registers {
    /// Reads Redis' form.
    fn decode(text: &[u8]) -> Result<Self, Value> {
        let not_one = || Value::error("WRONGTYPE Key is not a valid HyperLogLog string value.");
        let corrupted = || Value::error("INVALIDOBJ Corrupted HLL object detected");
        let body = text.get(HEADER..).filter(|_| text.starts_with(MAGIC)).ok_or_else(not_one)?;
        match text.get(MAGIC.len()) {
            Some(&DENSE) if text.len() == DENSE_LENGTH => Ok(Registers::decode_dense(body)),
            Some(&SPARSE) => Registers::decode_sparse(body).ok_or_else(corrupted),
            _ => Err(not_one()),
        }
    }

    fn decode_dense(body: &[u8]) -> Self {
        let mut registers = Registers { dense: true, ..Registers::default() };
        for (index, value) in registers.values.iter_mut().enumerate() {
            let (byte, shift) = (index * REGISTER_BITS / 8, index * REGISTER_BITS % 8);
            let at = |place: usize| u16::from(body.get(place).copied().unwrap_or(0));
            *value = (((at(byte) | at(byte + 1) << 8) >> shift) & 0x3f) as u8;
        }
        registers
    }

    /// Runs of zeros in one byte (`00llllll`) or two (`01llllll llllllll`), and of a value (`1vvvvvll`).
    fn decode_sparse(body: &[u8]) -> Option<Self> {
        let mut registers = Registers::default();
        let (mut at, mut bytes) = (0, body.iter());
        while let Some(&byte) = bytes.next() {
            let (length, value) = match byte >> 6 {
                0 => (usize::from(byte & 0x3f) + 1, 0),
                1 => ((usize::from(byte & 0x3f) << 8 | usize::from(*bytes.next()?)) + 1, 0),
                _ => (usize::from(byte & 3) + 1, (byte >> 2 & 0x1f) + 1),
            };
            registers.values.get_mut(at..at + length)?.fill(value);
            at += length;
        }
        (at == REGISTERS).then_some(registers)
    }

    fn encode(&self) -> Vec<u8> {
        let sparse = if self.dense { None } else { self.encode_sparse() };
        sparse.unwrap_or_else(|| self.encode_dense())
    }

    fn encode_dense(&self) -> Vec<u8> {
        let mut text = header(DENSE);
        text.resize(DENSE_LENGTH, 0);
        for (index, value) in self.values.iter().enumerate() {
            let (byte, shift) = (HEADER + index * REGISTER_BITS / 8, index * REGISTER_BITS % 8);
            let bits = u16::from(*value) << shift;
            text[byte] |= (bits & 0xff) as u8;
            if bits > 0xff {
                text[byte + 1] |= (bits >> 8) as u8;
            }
        }
        text
    }

    /// `None` when it is not to be sparse any more.
    fn encode_sparse(&self) -> Option<Vec<u8>> {
        let mut text = header(SPARSE);
        for run in self.values.chunk_by(|a, b| a == b) {
            let (value, mut left) = (run[0], run.len());
            if value > LARGEST_SPARSE {
                return None;
            }
            while left > 0 {
                left -= match value {
                    0 if left > 64 => {
                        let length = left.min(REGISTERS);
                        text.extend([0x40 | ((length - 1) >> 8) as u8, ((length - 1) & 0xff) as u8]);
                        length
                    }
                    0 => {
                        text.push((left - 1) as u8);
                        left
                    }
                    value => {
                        let length = left.min(4);
                        text.push(0x80 | (value - 1) << 2 | (length - 1) as u8);
                        length
                    }
                };
            }
            if text.len() > LONGEST_SPARSE {
                return None;
            }
        }
        Some(text)
    }

    /// Takes an element in; `true` when that changed something.
    fn add(&mut self, element: &[u8]) -> bool {
        let hash = murmur(element);
        let register = &mut self.values[hash as usize % REGISTERS];
        // The one behind the counted bits ends the count.
        let zeros = ((hash >> INDEX_BITS) | 1 << COUNTED_BITS).trailing_zeros() as u8 + 1;
        let changed = *register < zeros;
        *register = zeros.max(*register);
        changed
    }

    fn merge(&mut self, other: &Registers) {
        self.dense |= other.dense;
        for (value, other) in self.values.iter_mut().zip(other.values.iter()) {
            *value = (*value).max(*other);
        }
    }

    /// About how many distinct elements were added.
    fn estimate(&self) -> usize {
        const ALPHA: f64 = 0.721_347_520_444_481_7;
        let mut histogram = [0_u32; 64];
        for value in self.values.iter() {
            histogram[usize::from(*value)] += 1;
        }
        let all = REGISTERS as f64;
        let of = |value: usize| f64::from(histogram[value]);
        let highest = COUNTED_BITS as usize + 1;
        let mut z = all * tau((all - of(highest)) / all);
        for value in (1..highest).rev() {
            z = (z + of(value)) * 0.5;
        }
        z += all * sigma(of(0) / all);
        (ALPHA * all * all / z).round() as usize
    }
}

/// The magic, the form, and a cached count that is marked as out of date.
fn header(form: u8) -> Vec<u8> {
    let mut text = MAGIC.to_vec();
    text.resize(HEADER, 0);
    text[MAGIC.len()] = form;
    text[HEADER - 1] = 0x80;
    text
}

fn tau(x: f64) -> f64 {
    if x == 0.0 || x == 1.0 {
        return 0.0;
    }
    let (mut x, mut y, mut z) = (x, 1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x).powi(2) * y;
        if z == before {
            return z / 3.0;
        }
    }
}

fn sigma(x: f64) -> f64 {
    if x == 1.0 {
        return f64::INFINITY;
    }
    let (mut x, mut y, mut z) = (x, 1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z == before {
            return z;
        }
    }
}

/// MurmurHash64A with Redis' seed.
fn murmur(bytes: &[u8]) -> u64 {
    const SEED: u64 = 0xadc8_3b19;
    const M: u64 = 0xc6a4_a793_5bd1_e995;
    const R: u32 = 47;
    let mut hash = SEED ^ (bytes.len() as u64).wrapping_mul(M);
    let (blocks, tail) = bytes.as_chunks::<8>();
    for block in blocks {
        let mut k = u64::from_le_bytes(*block).wrapping_mul(M);
        k ^= k >> R;
        hash = (hash ^ k.wrapping_mul(M)).wrapping_mul(M);
    }
    if !tail.is_empty() {
        let last = tail.iter().rev().fold(0, |last, byte| last << 8 | u64::from(*byte));
        hash = (hash ^ last).wrapping_mul(M);
    }
    hash = (hash ^ hash >> R).wrapping_mul(M);
    hash ^ hash >> R
}

fn read(context: &mut Context<'_>, key: &[u8]) -> Result<Option<Registers>, Value> {
    let now = context.now;
    context.db().read::<Vec<u8>>(key, now)?.map(|text| Registers::decode(text)).transpose()
}

fn write(context: &mut Context<'_>, key: &[u8], registers: &Registers) {
    context.db().replace(key, Stored::String(registers.encode()));
}

fn add(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let found = read(context, &args[1])?;
    let mut changed = found.is_none();
    let mut registers = found.unwrap_or_default();
    for element in &args[2..] {
        changed |= registers.add(element);
    }
    if changed {
        write(context, &args[1], &registers);
    }
    Ok(Value::Integer(i64::from(changed)))
}

/// The destination takes part, too.
fn merge(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let mut union = Registers::default();
    for key in &args[1..] {
        if let Some(registers) = read(context, key)? {
            union.merge(&registers);
        }
    }
    write(context, &args[1], &union);
    Ok(Value::OK)
}
