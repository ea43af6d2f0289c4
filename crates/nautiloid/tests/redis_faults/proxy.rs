//! A network between nautiloid and Redis that loses what it should carry.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

/// How a connection ends.
#[derive(Debug, Clone, Copy)]
enum Cut {
    /// With a request half forwarded.
    InsideRequest,
    /// With a request forwarded and executed, and nothing of its reply.
    BeforeReply,
    /// With a part of the replies delivered.
    InsideReply,
}

const CUTS: [Cut; 4] = [Cut::BeforeReply, Cut::InsideRequest, Cut::BeforeReply, Cut::InsideReply];

/// Most pieces that a connection carries in a direction before it is cut.
const LONGEST: usize = 40;

/// Carries connections to a server and cuts each of them after some pieces, until it is told to behave.
pub(crate) struct Proxy {
    address: String,
    shared: Arc<Shared>,
}

struct Shared {
    behave: AtomicBool,
    cuts: AtomicUsize,
}

impl Proxy {
    pub(crate) fn start(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = Arc::new(Shared { behave: AtomicBool::new(false), cuts: AtomicUsize::new(0) });
        let of_thread = Arc::clone(&shared);
        thread::spawn(move || {
            for (number, client) in listener.incoming().map_while(Result::ok).enumerate() {
                // Without a server there is nothing to carry: hanging up is what a client sees then.
                if let Ok(server) = TcpStream::connect(&server) {
                    carry(number, &client, &server, &of_thread);
                }
            }
        });
        Proxy { address, shared }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// How many connections have been cut.
    pub(crate) fn cuts(&self) -> usize {
        self.shared.cuts.load(Ordering::Relaxed)
    }

    /// Cuts nothing any more.
    pub(crate) fn behave(&self) {
        self.shared.behave.store(true, Ordering::Relaxed);
    }
}

/// Starts both directions of one connection. What becomes of it depends on its number alone.
fn carry(number: usize, client: &TcpStream, server: &TcpStream, shared: &Arc<Shared>) {
    let cut = CUTS[number % CUTS.len()];
    // The first piece of each direction sets the connection up.
    let pieces = 2 + number * 7 % LONGEST;
    let direction = |from: &TcpStream, to: &TcpStream, carry: fn(&mut Direction) -> Option<()>| {
        let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
        let mut direction = Direction { from, to, cut, pieces, shared: Arc::clone(shared) };
        thread::spawn(move || {
            carry(&mut direction);
            direction.hang_up();
        });
    };
    direction(client, server, Direction::requests);
    direction(server, client, Direction::replies);
}

struct Direction {
    from: TcpStream,
    to: TcpStream,
    cut: Cut,
    /// How many are still carried whole.
    pieces: usize,
    shared: Arc<Shared>,
}

impl Direction {
    /// `None` when the connection ends.
    fn requests(&mut self) -> Option<()> {
        let mut buffer = [0; 16 * 1024];
        loop {
            let piece = self.receive(&mut buffer)?;
            if self.is_last_piece() && matches!(self.cut, Cut::InsideRequest) {
                self.shared.cuts.fetch_add(1, Ordering::Relaxed);
                return self.to.write_all(&piece[..piece.len() / 2]).ok();
            }
            self.to.write_all(piece).ok()?;
        }
    }

    fn replies(&mut self) -> Option<()> {
        let mut buffer = [0; 16 * 1024];
        loop {
            let piece = self.receive(&mut buffer)?;
            if self.is_last_piece() {
                match self.cut {
                    Cut::InsideRequest => {}
                    Cut::BeforeReply => {
                        self.shared.cuts.fetch_add(1, Ordering::Relaxed);
                        return None;
                    }
                    Cut::InsideReply => {
                        self.shared.cuts.fetch_add(1, Ordering::Relaxed);
                        return self.to.write_all(&piece[..piece.len() / 2]).ok();
                    }
                }
            }
            self.to.write_all(piece).ok()?;
        }
    }

    fn receive<'a>(&mut self, buffer: &'a mut [u8]) -> Option<&'a [u8]> {
        let length = self.from.read(buffer).ok().filter(|length| *length > 0)?;
        Some(&buffer[..length])
    }

    fn is_last_piece(&mut self) -> bool {
        self.pieces = self.pieces.saturating_sub(1);
        self.pieces == 0 && !self.shared.behave.load(Ordering::Relaxed)
    }

    fn hang_up(&self) {
        // The other direction may have done so before.
        let _ = self.from.shutdown(Shutdown::Both);
        let _ = self.to.shutdown(Shutdown::Both);
    }
}
