//! Asking one Sentinel what it knows of a master, on a connection of its own.
//!
//! A fresh connection each time: it is needed seldom, and one that was kept would be as likely dead as the Sentinel
//! that is asked because something has died.

use nautiloid_resp::Request;
use tokio::time::timeout;

use super::conversation::Conversation;
use super::view::{QUESTIONS, View};
use crate::config::Address;
use crate::connection::Setup;

/// What the Sentinel at `address` knows of the master. It has `connect_timeout` to answer, once there is a connection.
/// The reason of a failure is for people.
pub(crate) async fn ask(address: &Address, setup: &Setup, master_name: &str) -> Result<View, String> {
    let mut conversation = Conversation::open(address, setup).await?;
    let questions = QUESTIONS.map(|question| {
        let mut request = Request::new(question);
        request.arg(master_name.as_bytes());
        request
    });
    let answers = async {
        conversation.send(&questions).await?;
        let mut view = View::default();
        for question in QUESTIONS {
            view.add(question, &conversation.receive().await?)?;
        }
        Ok(view)
    };
    let late = || format!("no answer within {:?} (connect_timeout)", setup.connect_timeout);
    timeout(setup.connect_timeout, answers).await.unwrap_or_else(|_| Err(late()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::PoolConfig;

    #[tokio::test]
    async fn a_sentinel_that_stops_answering_is_not_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string().parse().unwrap();
        let sentinel = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut ping = [0; 14];
            stream.read_exact(&mut ping).await.unwrap();
            stream.write_all(b"+PONG\r\n").await.unwrap();
            std::future::pending::<()>().await;
        };
        let config = PoolConfig { connect_timeout: Duration::from_millis(500), ..PoolConfig::default() };
        let (_, setup) = Setup::both(&config).unwrap();
        let answer = tokio::select! {
            answer = ask(&address, &setup, "m") => answer,
            () = sentinel => Ok(View::default()),
            () = tokio::time::sleep(setup.connect_timeout * 20) => Err("it is waited for".to_owned()),
        };
        assert_eq!(answer, Err("no answer within 500ms (connect_timeout)".to_owned()));
    }
}
