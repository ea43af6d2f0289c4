//! One connection through the proxy: two sockets and a thread for each direction.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::Shared;
use super::fault::{Fault, Progress, Way};

/// Both ends of a connection. It is open as long as this exists.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) number: usize,
    client: TcpStream,
    /// `None` if it was not dialled.
    server: Option<TcpStream>,
    /// The fault, and how far each direction has come under it.
    course: Mutex<Course>,
    /// Whether bytes have been dropped, so that none may follow.
    lost: AtomicBool,
    /// Whether the client's side stays open with nobody behind it.
    abandoned: AtomicBool,
}

#[derive(Debug, Default)]
struct Course {
    fault: Fault,
    requests: Progress,
    replies: Progress,
}

/// What becomes of a piece.
enum Fate {
    Pass,
    /// The first bytes of it pass, and the connection ends.
    Cut(usize),
    Drop,
    /// Nobody reads on.
    Abandon,
}

impl Link {
    pub(super) fn new(number: usize, client: TcpStream, server: Option<TcpStream>, fault: Fault) -> Self {
        for stream in [Some(&client), server.as_ref()].into_iter().flatten() {
            // Pieces are to arrive as they were sent. It is an optimisation, and no fault if it fails.
            let _ = stream.set_nodelay(true);
        }
        let course = Mutex::new(Course { fault, ..Course::default() });
        let abandoned = AtomicBool::new(fault == Fault::HalfOpen);
        Link { number, client, server, course, lost: AtomicBool::new(false), abandoned }
    }

    /// Begins a fault. `false` when the connection is over.
    pub(super) fn enter(&self, fault: Fault) -> bool {
        let mut course = self.course();
        let before = std::mem::replace(&mut *course, Course { fault, ..Course::default() }).fault;
        if self.abandoned.load(Ordering::Relaxed) {
            return true;
        }
        if fault == Fault::HalfOpen {
            self.abandoned.store(true, Ordering::Relaxed);
            if let Some(server) = &self.server {
                // The server may have hung up before.
                let _ = server.shutdown(Shutdown::Both);
            }
            return true;
        }
        let is_broken = self.lost.load(Ordering::Relaxed) || self.server.is_none();
        if fault == Fault::Refuse || (is_broken && fault != before) {
            self.hang_up();
            return false;
        }
        true
    }

    fn course(&self) -> MutexGuard<'_, Course> {
        self.course.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes both sides.
    pub(super) fn hang_up(&self) {
        for stream in [Some(&self.client), self.server.as_ref()].into_iter().flatten() {
            // The other end may have done so before.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn fate(&self, way: Way, length: usize, shared: &Shared) -> Fate {
        let mut course = self.course();
        let fault = course.fault;
        let progress = match way {
            Way::Requests => &mut course.requests,
            Way::Replies => &mut course.replies,
        };
        let fate = match fault {
            _ if self.abandoned.load(Ordering::Relaxed) => Fate::Abandon,
            Fault::Pass | Fault::Delay(_) => Fate::Pass,
            Fault::Cut(cut_way, at) if cut_way == way => progress.cut(at, length).map_or(Fate::Pass, Fate::Cut),
            Fault::Cut(..) => Fate::Pass,
            Fault::SwallowReplies if way == Way::Replies => Fate::Drop,
            Fault::SwallowReplies => Fate::Pass,
            Fault::BlackHole | Fault::Refuse => Fate::Drop,
            Fault::HalfOpen => Fate::Abandon,
        };
        match fate {
            Fate::Cut(_) => _ = shared.cuts.fetch_add(1, Ordering::Relaxed),
            Fate::Drop => {
                self.lost.store(true, Ordering::Relaxed);
                shared.dropped.fetch_add(length, Ordering::Relaxed);
            }
            Fate::Pass | Fate::Abandon => {}
        }
        fate
    }

    /// How long a piece waits before its fate is decided.
    fn delay(&self) {
        let fault = self.course().fault;
        if let Fault::Delay(duration) = fault {
            thread::sleep(duration);
        }
    }

    /// Carries one direction to its end. `from` and `to` are missing when the server was not dialled.
    fn pump(&self, way: Way, shared: &Shared) {
        let ends = (Some(&self.client), self.server.as_ref());
        let (from, to) = if way == Way::Requests { ends } else { (ends.1, ends.0) };
        let Some(mut from) = from else { return };
        let mut buffer = [0; 16 * 1024];
        while let Some(length) = from.read(&mut buffer).ok().filter(|length| *length > 0) {
            self.delay();
            let (passes, ends) = match self.fate(way, length, shared) {
                Fate::Pass => (length, false),
                Fate::Cut(length) => (length, true),
                Fate::Drop => (0, false),
                Fate::Abandon => return,
            };
            let carried = to.is_none_or(|mut to| to.write_all(&buffer[..passes]).is_ok());
            if ends || !carried {
                break;
            }
        }
        // Not when a HalfOpen has closed the server's side: the client must not notice.
        if !self.abandoned.load(Ordering::Relaxed) {
            self.hang_up();
            shared.state().links.retain(|link| link.number != self.number);
        }
    }
}

/// Starts both directions.
pub(super) fn carry(link: &Arc<Link>, shared: &Arc<Shared>) {
    for way in [Way::Requests, Way::Replies] {
        let (link, shared) = (Arc::clone(link), Arc::clone(shared));
        thread::spawn(move || link.pump(way, &shared));
    }
}
