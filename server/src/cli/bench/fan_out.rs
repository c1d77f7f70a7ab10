//! One change to every open screen, beside one bare write per socket.

use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::client::connect;
use super::import::Loaded;
use super::requests::{Served, serve};
use super::{Figure, median};
use crate::config::Config;

const ROUNDS: usize = 30;
/// How long the last socket may take before the measurement gives up.
const PATIENCE: Duration = Duration::from_secs(20);
const BARE_BYTES: usize = 200;

/// Measures from the commit to the last of all sockets.
pub async fn run(config: &Config, loaded: &Loaded, sockets: u32) -> anyhow::Result<Vec<Figure>> {
    let served = serve(config, loaded).await?;
    let (heard, mut ears) = mpsc::unbounded_channel();
    for _ in 0..sockets {
        let stream = open(&served).await?;
        listen(stream, heard.clone());
    }
    // Every socket is greeted with the frame that catches it up.
    gather(&mut ears, sockets).await?;
    let id = {
        let mut tx = loaded.db.write(&loaded.actor).await?;
        let account = db::accounts::create(&mut tx, "Fan-out").await?;
        tx.commit().await?;
        gather(&mut ears, sockets).await?;
        account.id
    };
    let mut ours = Vec::new();
    for round in 0..ROUNDS {
        let mut tx = loaded.db.write(&loaded.actor).await?;
        let version = db::accounts::get(&mut tx, id).await?.version;
        db::accounts::edit(&mut tx, id, version, "country", format!("Round {round}").into()).await?;
        tx.commit().await?;
        let start = Instant::now();
        gather(&mut ears, sockets).await?;
        ours.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    let _ = served.stop.send(true);
    let (ours, limit) = (median(ours), median(bare(sockets).await?));
    let budget = if sockets <= 1_000 { 20.0 } else { 130.0 };
    Ok(vec![
        Figure {
            name: format!("change to last of {sockets} sockets"),
            ours: format!("{ours:.1} ms"),
            limit: format!("one write each {limit:.1} ms"),
            measured: ours,
            budget,
            more_is_better: false,
            unit: "ms",
        },
        Figure {
            name: "fan-out against bare writes".into(),
            ours: format!("{ours:.1} ms"),
            limit: format!("{limit:.1} ms"),
            measured: limit / ours * 100.0,
            budget: 80.0,
            more_is_better: true,
            unit: "%",
        },
    ])
}

async fn open(served: &Served) -> anyhow::Result<TcpStream> {
    let mut stream = connect(served.address).await?;
    let request = format!(
        "GET /ws HTTP/1.1\r\nhost: {0}\r\norigin: http://{0}\r\n{1}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
        served.address, served.cookie
    );
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let byte = stream.read_u8().await?;
        head.push(byte);
        anyhow::ensure!(head.len() < 4_096, "no end of the handshake");
    }
    anyhow::ensure!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
    // A masked text frame with an all-zero mask, which leaves the text as it is.
    let hello = br#"{"last":null}"#;
    let mut frame = vec![0x81, 0x80 | hello.len() as u8, 0, 0, 0, 0];
    frame.extend_from_slice(hello);
    stream.write_all(&frame).await?;
    Ok(stream)
}

/// Reads whole frames and says so for each.
fn listen(mut stream: TcpStream, heard: mpsc::UnboundedSender<()>) {
    tokio::spawn(async move {
        loop {
            let Ok(first) = stream.read_u8().await else { return };
            let Ok(short) = stream.read_u8().await else { return };
            let length = match short & 0x7f {
                126 => stream.read_u16().await.map(usize::from),
                127 => return,
                short => Ok(usize::from(short)),
            };
            let Ok(length) = length else { return };
            let mut body = vec![0; length];
            if stream.read_exact(&mut body).await.is_err() {
                return;
            }
            // Only text counts: pings are not changes.
            if first & 0x0f == 1 && heard.send(()).is_err() {
                return;
            }
        }
    });
}

async fn gather(ears: &mut mpsc::UnboundedReceiver<()>, sockets: u32) -> anyhow::Result<()> {
    for _ in 0..sockets {
        timeout(PATIENCE, ears.recv()).await.context("a socket heard nothing")?.context("a socket closed")?;
    }
    Ok(())
}

/// The floor: one write to each of as many plain sockets.
async fn bare(sockets: u32) -> anyhow::Result<Vec<f64>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (heard, mut ears) = mpsc::unbounded_channel();
    let mut ends = Vec::new();
    for _ in 0..sockets {
        let mut near = connect(address).await?;
        ends.push(listener.accept().await?.0);
        let heard = heard.clone();
        tokio::spawn(async move {
            let mut body = [0; BARE_BYTES];
            while near.read_exact(&mut body).await.is_ok() && heard.send(()).is_ok() {}
        });
    }
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for end in &mut ends {
            end.write_all(&[7; BARE_BYTES]).await?;
        }
        gather(&mut ears, sockets).await?;
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(times)
}
