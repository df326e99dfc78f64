//! `scripted-model`: a model for trying the product without one. It says what a file says, turn by turn.
//!
//! The file is a JSON list: `[{"text": "I look.", "calls": [{"name": "read", "arguments": {"path": "a.rs"}}]}, …]`.
//! After the last turn it begins again.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a tool of the tests, never shipped")]

use vouchsafe_tests::scripted::{Model, Turn};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), port) = (arguments.next(), arguments.next()) else {
        println!("usage: scripted-model SCRIPT.json [PORT]");
        std::process::exit(2);
    };
    let text = std::fs::read_to_string(&file).expect("the script can be read");
    let turns: Vec<Turn> = serde_json::from_str(&text).expect("the script is a list of turns");
    let port = port.map_or(11_500, |port| port.parse().expect("a port number"));
    let mut again = turns.into_iter().cycle();
    let model = Model::on(port, move |request| {
        println!("{} {}", request.method, request.path);
        again.next()
    });
    println!("# In your config.toml (docs/configuration.md says where it is):\n{}", model.profile("chat"));
    loop {
        std::thread::park();
    }
}
