//! What a model's stream costs: `cargo bench -p vouchsafe-tests --bench model`.
//!
//! A scripted model in this process sends pieces that say when they were sent. The floor is a plain socket that reads
//! the same stream in the same run and does nothing else with it than find the pieces.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a program of the tests: it prints a table and fails by panicking"
)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use vouchsafe::config::{Sources, load};
use vouchsafe::model::{Client, Delta, Item, Keys, Request};
use vouchsafe::task::TaskKind;
use vouchsafe_confine::Cancel;
use vouchsafe_tests::scripted::{Fault, Model, epoch, says};

const FORMATS: [&str; 3] = ["chat", "responses", "messages"];

fn main() {
    let _first = epoch();
    println!("{:<44} {:>12} {:>12}  unit", "what", "vouchsafe", "floor");
    for format in FORMATS {
        let ours = latencies(|model| through_client(model, format), 2_000);
        let floor = latencies(|model| through_socket(model, format), 2_000);
        for (name, share) in [("p50", 0.5), ("p99", 0.99)] {
            let what = format!("{format}: from sent to shown, {name}");
            println!("{what:<44} {:>12.1} {:>12.1}  us", at(&ours, share), at(&floor, share));
        }
    }
    for format in FORMATS {
        for pieces in [1_000, 100_000] {
            let before = memory("VmRSS");
            let model = Model::start([says("begin ").fault(Fault::Long(pieces))]);
            let started = Instant::now();
            let shown = through_client(&model, format).len();
            let each = started.elapsed().as_secs_f64() * 1e6 / shown.max(1) as f64;
            let what = format!("{format}: {pieces} pieces, each");
            println!("{what:<44} {each:>12.1} {:>12}  us", "");
            let peak = memory("VmHWM").saturating_sub(before);
            let what = format!("{format}: {pieces} pieces, memory above before");
            println!("{what:<44} {peak:>12} {:>12}  KiB", "");
        }
    }
}

/// Microseconds from sending a piece to having it.
fn latencies(read: impl Fn(&Model) -> Vec<(String, Duration)>, pieces: usize) -> Vec<f64> {
    let model = Model::start([says("begin ").fault(Fault::Timed(pieces, 500))]);
    let shown = read(&model);
    let each = shown.iter().filter_map(|(text, at)| {
        let sent = Duration::from_nanos(text.trim().parse().ok()?);
        Some(at.saturating_sub(sent).as_secs_f64() * 1e6)
    });
    let mut each: Vec<f64> = each.collect();
    assert!(each.len() > pieces / 2, "{} of {pieces} pieces", each.len());
    each.sort_by(f64::total_cmp);
    each
}

fn through_client(model: &Model, format: &str) -> Vec<(String, Duration)> {
    let user = Some(("config.toml".into(), model.profile(format)));
    let config = load(&Sources { user, ..Sources::default() }).config;
    let endpoint = config.model_for(TaskKind::Fix).expect("a model");
    let client = Client::new(&endpoint, &Keys::default()).expect("a client");
    let items = [Item::User("Go on.".into())];
    let request = Request { system: "", items: &items, tools: &[], output_tokens_max: None };
    let mut shown = Vec::new();
    let turn = client.ask(&request, &Cancel::default(), &mut |delta| {
        if let Delta::Text(text) = delta {
            shown.push((text.to_owned(), epoch().elapsed()));
        }
    });
    drop(turn.expect("a turn"));
    shown
}

fn through_socket(model: &Model, format: &str) -> Vec<(String, Duration)> {
    let path = match format {
        "chat" => "chat/completions",
        other => other,
    };
    let body = match format {
        "responses" => r#"{"model":"m","input":"x","stream":true}"#,
        _ => r#"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}],"stream":true}"#,
    };
    let mut stream = TcpStream::connect(model.address()).expect("the model");
    let head =
        format!("POST /v1/{path} HTTP/1.1\r\nanthropic-version: x\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all((head + body).as_bytes()).expect("a request");
    let (mut shown, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
    loop {
        let length = stream.read(&mut buffer).expect("an answer");
        let now = epoch().elapsed();
        let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
        let pieces = text.split('"').filter(|word| word.ends_with(' ') && word.trim().parse::<u64>().is_ok());
        shown.extend(pieces.map(|piece| (piece.to_owned(), now)));
        if length == 0 || text.ends_with("0\r\n\r\n") {
            return shown;
        }
    }
}

fn at(sorted: &[f64], share: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index into a short list")]
    let index = ((sorted.len() as f64 - 1.0) * share).round() as usize;
    sorted[index]
}

/// A figure of this process, in KiB.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("/proc");
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
