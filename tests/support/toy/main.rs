//! A server of the size that fits on a few screens: it makes every line upper case, by the contract that the real
//! one follows. The harness is tested against it, with one fault at a time switched on by an argument.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a tool of the tests, never shipped"
)]

mod shout;

use std::io::{self, BufRead, Write};

use serde_json::{Value, json};
use vouchsafe_tests::frame;

use shout::Toy;

fn main() {
    let faults: Vec<String> = std::env::args().skip(1).collect();
    let (stdin, stdout) = (io::stdin().lock(), io::stdout().lock());
    std::process::exit(serve(stdin, stdout, Toy::new(faults)).expect("pipes of the test"));
}

/// Serves until `exit` or the end of input; returns the exit code.
fn serve(mut from: impl BufRead, mut to: impl Write, mut toy: Toy) -> io::Result<i32> {
    while let Some(body) = frame::read(&mut from)? {
        let message: Value = serde_json::from_slice(&body)?;
        if message["method"] == "exit" {
            return Ok(toy.exit_code());
        }
        for reply in answer(&mut toy, &message) {
            frame::write(&mut to, reply.to_string().as_bytes())?;
        }
    }
    Ok(1)
}

fn answer(toy: &mut Toy, message: &Value) -> Vec<Value> {
    let params = &message["params"];
    match message["method"].as_str() {
        None => toy.answered(message),
        Some(method) => {
            let (result, then) = toy.handle(method, params);
            let answers = message.get("id").zip(result);
            let answer = answers.map(|(id, result)| match result {
                Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
                Err(error) => json!({ "jsonrpc": "2.0", "id": id, "error": error }),
            });
            answer.into_iter().chain(then).collect()
        }
    }
}
