//! Reads a request's body into memory, up to a limit.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use tokio::time::timeout;

/// Longest wait for the next piece of a body.
const PIECE_TIMEOUT: Duration = Duration::from_secs(30);

/// How much of a refused body is read and thrown away, and for how long. A client that writes all before it reads
/// would otherwise see a reset connection instead of the answer.
const DISCARD_BYTES: u64 = 16 * 1024 * 1024;
const DISCARD_TIME: Duration = Duration::from_secs(2);

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// It is larger than the limit.
    TooLarge,
    /// Nothing came for [`PIECE_TIMEOUT`].
    TimedOut,
    /// The client went away, or the encoding is broken.
    Malformed,
}

/// Reads the body. `awaits_consent` says that the client sent `Expect: 100-continue` and has not sent the body yet.
pub(crate) async fn read(mut body: Incoming, limit: usize, awaits_consent: bool) -> Result<Bytes, BodyError> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let announced = body.size_hint().lower();
    if announced > limit as u64 {
        // To read on would tell a waiting client to send.
        if !awaits_consent {
            discard(body).await;
        }
        return Err(BodyError::TooLarge);
    }
    let Some(first) = next(&mut body).await? else { return Ok(Bytes::new()) };
    if body.is_end_stream() && first.len() <= limit {
        return Ok(first);
    }
    let mut whole = BytesMut::with_capacity((announced as usize).max(first.len()));
    let mut piece = Some(first);
    while let Some(data) = piece {
        if whole.len() + data.len() > limit {
            discard(body).await;
            return Err(BodyError::TooLarge);
        }
        whole.extend_from_slice(&data);
        piece = next(&mut body).await?;
    }
    Ok(whole.freeze())
}

/// The next piece of data; trailers are passed over.
async fn next(body: &mut Incoming) -> Result<Option<Bytes>, BodyError> {
    loop {
        match timeout(PIECE_TIMEOUT, body.frame()).await {
            Err(_) => return Err(BodyError::TimedOut),
            Ok(None) => return Ok(None),
            Ok(Some(Err(_))) => return Err(BodyError::Malformed),
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

async fn discard(mut body: Incoming) {
    let all = async {
        let mut seen = 0;
        while let Ok(Some(data)) = next(&mut body).await {
            seen += data.len() as u64;
            if seen > DISCARD_BYTES {
                return;
            }
        }
    };
    // Whatever the end, the answer is the same.
    let _ = timeout(DISCARD_TIME, all).await;
}
