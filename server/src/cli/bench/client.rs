//! A small HTTP client for loopback: as many connections as asked for, each sending one request after the other.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a round of requests came to.
pub struct Round {
    /// Answers per second.
    pub per_second: f64,
    /// The 99th percentile of the time to an answer, in milliseconds.
    pub p99_ms: f64,
}

/// Opens a connection to a server of this very process.
#[expect(clippy::disallowed_methods, reason = "the load generator talks to its own process on loopback only")]
pub async fn connect(address: SocketAddr) -> anyhow::Result<TcpStream> {
    anyhow::ensure!(address.ip().is_loopback(), "the load generator talks to loopback only");
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Sends requests over `connections` connections for a while; `request` makes the n-th one.
pub async fn load(
    address: SocketAddr,
    connections: usize,
    lasts: Duration,
    request: Arc<dyn Fn(usize) -> String + Send + Sync>,
) -> anyhow::Result<Round> {
    let (start, mut workers) = (Instant::now(), Vec::new());
    for worker in 0..connections {
        let request = request.clone();
        workers.push(tokio::spawn(async move {
            let mut stream = connect(address).await?;
            let (mut times, mut buffer, mut number) = (Vec::new(), Vec::with_capacity(65_536), worker);
            while start.elapsed() < lasts {
                let begin = Instant::now();
                stream.write_all(request(number).as_bytes()).await?;
                answer(&mut stream, &mut buffer).await?;
                times.push(begin.elapsed().as_secs_f64() * 1_000.0);
                number += connections;
            }
            anyhow::Ok(times)
        }));
    }
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.await??);
    }
    let seconds = start.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
    Ok(Round { per_second: times.len() as f64 / seconds, p99_ms: p99 })
}

/// Reads one answer with a content length or in chunks, and checks that it is a good one; returns its body.
pub async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<Vec<u8>> {
    buffer.clear();
    let head_end = loop {
        if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        read(stream, buffer).await?;
    };
    let head = String::from_utf8_lossy(&buffer[..head_end]).to_lowercase();
    if !head.starts_with("http/1.1 200") {
        bail!("{}: {}", head.lines().next().unwrap_or_default(), String::from_utf8_lossy(&buffer[head_end..]));
    }
    let length =
        head.lines().find_map(|line| line.strip_prefix("content-length:")).map(|text| text.trim().parse::<usize>());
    match length {
        Some(length) => {
            let end = head_end + length.context("content length")?;
            while buffer.len() < end {
                read(stream, buffer).await?;
            }
            Ok(buffer[head_end..end].to_vec())
        }
        None => {
            while !buffer.ends_with(b"0\r\n\r\n") {
                read(stream, buffer).await?;
            }
            Ok(buffer[head_end..].to_vec())
        }
    }
}

async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<()> {
    if stream.read_buf(buffer).await? == 0 {
        bail!("the server closed the connection");
    }
    Ok(())
}
