//! What a model's stream costs: `cargo bench -p vouchsafe-tests --bench model`.
//!
//! A scripted model in this process sends pieces that say when they were sent. The floor is a plain socket that reads
//! the same stream in the same run and does nothing else with it than find the pieces. Memory is the peak of a process of
//! its own for each stream, which does nothing but ask, so that no peak hides another.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program of the tests: it prints a table, starts itself and fails by panicking"
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

/// What makes a process one that measures its own peak: a configuration follows.
const PEAK: &str = "--peak";

fn main() {
    let mut args = std::env::args().skip_while(|arg| arg != PEAK).skip(1);
    if let Some(profile) = args.next() {
        // Not kept: what would grow with the stream is not ours.
        let mut pieces = 0_u64;
        ask(&profile, &mut |_| pieces += 1);
        println!("{pieces} {}", memory("VmHWM"));
        return;
    }
    let _first = epoch();
    println!("{:<44} {:>12} {:>12}  unit", "what", "vouchsafe", "floor");
    for format in FORMATS {
        let ours = latencies(|model| through_client(model, format), 2_000);
        let floor = latencies(|model| through_socket(model, format), 2_000);
        for (name, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
            let what = format!("{format}: from sent to shown, {name}");
            println!("{what:<44} {:>12.1} {:>12.1}  us", at(&ours, share), at(&floor, share));
        }
    }
    for format in FORMATS {
        for pieces in [1_000, 100_000] {
            let model = Model::start([says("begin ").fault(Fault::Long(pieces))]);
            let started = Instant::now();
            let (shown, peak) = peak(&model.profile(format));
            assert!(shown >= pieces as u64, "{shown} of {pieces} pieces");
            let each = started.elapsed().as_secs_f64() * 1e6 / shown as f64;
            let what = format!("{format}: {pieces} pieces, each, start included");
            println!("{what:<44} {each:>12.1} {:>12}  us", "");
            let what = format!("{format}: {pieces} pieces, peak of the process");
            println!("{what:<44} {peak:>12} {:>12}  KiB", "");
        }
    }
}

/// Asks in a process of its own; how many pieces came, and its peak in KiB.
fn peak(profile: &str) -> (u64, u64) {
    let own = std::env::current_exe().expect("this program");
    let output = std::process::Command::new(own).args([PEAK, profile]).output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut figures = said.split_whitespace().map(|figure| figure.parse().expect("a figure"));
    (figures.next().expect("pieces"), figures.next().expect("a peak"))
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
    let mut shown = Vec::new();
    ask(&model.profile(format), &mut |text| shown.push((text.to_owned(), epoch().elapsed())));
    shown
}

fn ask(profile: &str, hears: &mut dyn FnMut(&str)) {
    let user = Some(("config.toml".into(), profile.to_owned()));
    let config = load(&Sources { user, ..Sources::default() }).config;
    let endpoint = config.model_for(TaskKind::Fix).expect("a model");
    let client = Client::new(&endpoint, &Keys::default()).expect("a client");
    let items = [Item::User("Go on.".into())];
    let request = Request { system: "", items: &items, tools: &[], output_tokens_max: None };
    let turn = client.ask(&request, &Cancel::default(), &mut |delta| {
        if let Delta::Text(text) = delta {
            hears(text);
        }
    });
    drop(turn.expect("a turn"));
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
