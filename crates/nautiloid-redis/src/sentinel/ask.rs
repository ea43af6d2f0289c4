//! Asking one Sentinel what it knows of a master, on a connection of its own.
//!
//! A fresh connection each time: it is needed seldom, and one that was kept would be as likely dead as the Sentinel
//! that is asked because something has died.

use nautiloid_resp::Request;

use super::conversation::Conversation;
use super::view::{QUESTIONS, View};
use crate::config::Address;
use crate::connection::Setup;

/// What the Sentinel at `address` knows of the master. The reason of a failure is for people.
pub(crate) async fn ask(address: &Address, setup: &Setup, master_name: &str) -> Result<View, String> {
    let mut conversation = Conversation::open(address, setup).await?;
    let questions = QUESTIONS.map(|question| {
        let mut request = Request::new(question);
        request.arg(master_name.as_bytes());
        request
    });
    conversation.send(&questions).await?;
    let mut view = View::default();
    for question in QUESTIONS {
        view.add(question, &conversation.receive().await?)?;
    }
    Ok(view)
}
