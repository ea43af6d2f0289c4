//! A Sentinel that says what the test wants.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use bytes::BytesMut;
use nautiloid_resp::{RequestDecoder, Value, Version, encode};

/// One that names the same master to everybody, and no other servers. It tells of no event.
pub(crate) struct Liar {
    pub(crate) address: String,
    master: Arc<Mutex<String>>,
}

impl Liar {
    /// Starts one that names `master` with such a `config-epoch`.
    pub(crate) fn start(master: &str, epoch: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let master = Arc::new(Mutex::new(master.to_owned()));
        let named = Arc::clone(&master);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let named = Arc::clone(&named);
                thread::spawn(move || serve(client, &named, epoch));
            }
        });
        Liar { address, master }
    }

    /// Names another one from now on.
    pub(crate) fn name(&self, master: &str) {
        master.clone_into(&mut self.master.lock().unwrap());
    }
}

/// Until the client is gone.
fn serve(mut client: TcpStream, master: &Mutex<String>, epoch: u64) -> Option<()> {
    let (mut decoder, mut incoming, mut chunk) = (RequestDecoder::new(), BytesMut::new(), [0; 4096]);
    loop {
        let length = client.read(&mut chunk).ok().filter(|length| *length > 0)?;
        incoming.extend_from_slice(&chunk[..length]);
        while let Some(request) = decoder.decode(&mut incoming).ok()? {
            let words: Vec<String> = request.iter().map(|word| String::from_utf8_lossy(word).to_uppercase()).collect();
            let mut wire = BytesMut::new();
            for reply in replies(&words, &master.lock().unwrap(), epoch) {
                encode(&reply, Version::Resp2, &mut wire);
            }
            client.write_all(&wire).ok()?;
        }
    }
}

fn replies(words: &[String], master: &str, epoch: u64) -> Vec<Value> {
    let strings = |words: &[&str]| Value::Array(words.iter().map(|word| Value::bulk((*word).to_owned())).collect());
    let (host, port) = master.split_once(':').unwrap();
    let epoch = epoch.to_string();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", ..] => vec![strings(&[host, port])],
        ["SENTINEL", "MASTER", ..] => vec![strings(&["ip", host, "port", port, "config-epoch", &epoch])],
        ["SENTINEL", ..] => vec![Value::Array(Vec::new())],
        ["SUBSCRIBE", ref channels @ ..] => {
            let confirm = |(number, channel): (usize, &&str)| {
                let number = Value::Integer(i64::try_from(number).unwrap() + 1);
                Value::Array(vec![Value::bulk("subscribe"), Value::bulk((*channel).to_owned()), number])
            };
            channels.iter().enumerate().map(confirm).collect()
        }
        _ => vec![Value::Status("PONG".into())],
    }
}
