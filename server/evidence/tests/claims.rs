//! The bars of the claim checker: the development set, our own corpus, real runner output, speed and hostile input.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests; a failure here is a failed test"
)]

use std::path::{Path, PathBuf};
use std::time::Instant;

use proptest::prelude::*;
use vouchsafe_evidence::claim::case::Case;
use vouchsafe_evidence::claim::check;
use vouchsafe_evidence::claim::kind::Verdict;
use vouchsafe_evidence::claim::message::Message;
use vouchsafe_evidence::claim::runner::{Runner, detect, plain};
use vouchsafe_evidence::claim::score::{Labelled, Prediction, Report, report};

fn corpus(name: &str) -> Vec<Labelled> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/claims").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn scored(cases: Vec<Labelled>) -> Report {
    let predict = |c: Labelled| {
        let predictions: Vec<Prediction> = check(&c.case).iter().map(Prediction::from).collect();
        (c, predictions)
    };
    report(&cases.into_iter().map(predict).collect::<Vec<_>>())
}

#[test]
fn the_development_set_meets_its_bars() {
    let report = scored(corpus("dev.jsonl"));
    let all = &report.overall;
    assert_eq!(all.false_assurances, 0, "{}", report.table());
    assert!(all.false_alarm() <= 0.01, "{}", report.table());
    assert!(all.recall() >= 0.95 && all.precision() >= 0.95, "{}", report.table());
    assert!(all.macro_f1() >= 0.95, "{}", report.table());
}

#[test]
fn our_own_corpus_meets_its_bars() {
    let cases = corpus("own.jsonl");
    assert!(cases.len() >= 100);
    let report = scored(cases);
    let all = &report.overall;
    assert_eq!(all.false_assurances, 0, "{}", report.table());
    assert!(all.false_alarm() <= 0.01, "{}", report.table());
    assert!(all.recall() >= 0.95 && all.precision() >= 0.95, "{}", report.table());
    assert!(all.macro_f1() >= 0.95, "{}", report.table());
}

/// Batches that were written and labelled before the checker was run on them, and fitted to afterwards.
#[test]
fn held_out_batches_meet_their_bars() {
    let report = scored((1..=10).flat_map(|n| corpus(&format!("heldout-{n}.jsonl"))).collect());
    let all = &report.overall;
    assert_eq!(all.false_assurances, 0, "{}", report.table());
    assert!(all.false_alarm() <= 0.03, "{}", report.table());
    assert!(all.recall() >= 0.95 && all.precision() >= 0.95, "{}", report.table());
    assert!(all.macro_f1() >= 0.87, "{}", report.table());
}

#[test]
fn a_language_without_a_table_gives_nothing_verified() {
    for message in [
        "Não foram necessárias outras mudanças. Os testes também são executados com sucesso.",
        "Все тесты проходят, ошибка исправлена.",
        "모든 테스트가 통과했습니다.",
        "جميع الاختبارات تنجح ولا توجد أخطاء.",
        "Alle tests slagen en de bug is weg.",
        "Wszystkie testy przechodzą, a błąd został naprawiony w `a.py`.",
    ] {
        let case = Case { final_message: message.to_owned(), ..Case::default() };
        assert!(check(&case).iter().all(|c| c.verdict != Verdict::Verified), "{message}");
    }
}

fn fixtures() -> Vec<(String, String)> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/runners");
    let mut all: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .map(|p| {
            (p.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&p).unwrap())
        })
        .collect();
    all.sort();
    all
}

/// The name of a fixture says who printed it and what it must be read as: `pytest-2p-1f-1s[-…].txt`.
fn wanted(name: &str) -> (Runner, [u64; 3]) {
    let mut parts = name.split('-');
    let runner = match parts.next().unwrap() {
        "pytest" => Runner::Pytest,
        "unittest" => Runner::Unittest,
        "cargo" => Runner::CargoTest,
        "nextest" => Runner::Nextest,
        "jest" => Runner::Jest,
        "vitest" => Runner::Vitest,
        "mocha" => Runner::Mocha,
        "node" => Runner::NodeTest,
        "deno" => Runner::Deno,
        "go" => Runner::GoTest,
        "surefire" => Runner::Surefire,
        "gradle" => Runner::Gradle,
        "ctest" => Runner::Ctest,
        "dotnet" => Runner::Dotnet,
        "rspec" => Runner::Rspec,
        "minitest" => Runner::Minitest,
        "phpunit" => Runner::Phpunit,
        "exunit" => Runner::Exunit,
        "xctest" => Runner::Xctest,
        "bats" => Runner::Bats,
        other => panic!("no runner {other}"),
    };
    let number = |p: &str| p[..p.len() - 1].parse().unwrap();
    let counts: Vec<u64> = parts.take(3).map(number).collect();
    (runner, [counts[0], counts[1], counts[2]])
}

#[test]
fn summaries_of_every_runner_are_read() {
    let fixtures = fixtures();
    assert!(fixtures.len() >= 20);
    for (name, output) in fixtures {
        let (runner, counts) = wanted(&name);
        let clean = plain(&output);
        let summary = runner.read(&clean).unwrap_or_else(|| panic!("{name}: no summary"));
        assert_eq!([summary.passed, summary.failed + summary.errors, summary.skipped], counts, "{name}");
        let detected = detect(&clean).unwrap_or_else(|| panic!("{name}: not detected"));
        assert_eq!(detected.1.is_failure(), summary.is_failure(), "{name}: detected as {:?}", detected.0);
    }
}

#[test]
fn long_output_is_read_in_linear_time() {
    let line = "tests/test_a.py::test_something_rather_long PASSED                         [ 42%]\n";
    let mut output = line.repeat(10 * 1024 * 1024 / line.len());
    output.push_str("===== 131072 passed in 12.00s =====\n");
    let start = Instant::now();
    let clean = plain(&output);
    let passed = Runner::Pytest.read(&clean).unwrap().passed;
    let elapsed = start.elapsed();
    assert_eq!(passed, 131_072);
    let limit = if cfg!(debug_assertions) { 8_000 } else { 200 };
    assert!(elapsed.as_millis() <= limit, "{elapsed:?}");
}

#[test]
fn a_long_message_is_not_quadratic() {
    let sentence =
        "I ran `pytest` and all 3 tests pass, which fixes the bug in `a.py`; nothing else changed. ";
    let time = |n: usize| {
        let case = Case { final_message: sentence.repeat(n), ..Case::default() };
        let start = Instant::now();
        assert!(!check(&case).is_empty());
        start.elapsed().as_secs_f64()
    };
    let (short, long) = (time(40).max(0.01), time(400));
    assert!(long < short * 40.0, "{short} s, {long} s");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_runner_parser_panics(text in "(?s)[ -~\n\r\u{1b}✓✗×✖●#0-9]{0,400}") {
        let clean = plain(&text);
        for runner in Runner::ALL {
            let _summary = runner.read(&clean);
        }
    }

    #[test]
    fn words_of_runners_in_any_order_do_not_panic(words in prop::collection::vec(prop::sample::select(vec![
        "Tests:", "Tests run:", "passed", "failed", "1", "99999999999999999999", "ok", "not ok", "1..", "# pass ", "\n", " ", "test result: ", ";", "=", " in ", "0.1s",
        "Executed ", "examples,", "failure", "OK (", "Summary [", "]", "running ", "BUILD FAILED", "Ran ", "FAILED (", "(", ")", "\u{1b}[31m",
    ]), 0..60)) {
        let text = plain(&words.concat());
        for runner in Runner::ALL {
            let _summary = runner.read(&text);
        }
    }

    #[test]
    fn any_message_is_split_on_character_boundaries(text in "(?s)\\PC{0,200}|[-*`|>#.()、。「」 \nA-Za-z0-9あテ通]{0,200}") {
        let message = Message::new(&text);
        prop_assert_eq!(message.masked.len(), text.len());
        for sentence in message.sentences() {
            prop_assert!(text.get(sentence.range.clone()).is_some());
        }
        let case = Case { final_message: text.clone(), ..Case::default() };
        let length = text.chars().count();
        for claim in check(&case) {
            prop_assert!(claim.start < claim.end && claim.end <= length);
        }
    }

    #[test]
    fn any_shell_line_is_parsed(line in "[-a-z0-9 |&;<>()'\"$`\\\\{}!=./\n]{0,120}") {
        let _invocations = vouchsafe_evidence::claim::shell::parse(&line);
    }
}

#[test]
fn plain_lies_are_never_verified() {
    let lies = corpus("lies.jsonl");
    assert!(lies.len() >= 80);
    for lie in lies {
        let message = &lie.case.final_message;
        assert!(check(&lie.case).iter().all(|c| c.verdict != Verdict::Verified), "{message}");
    }
}

#[test]
fn plain_truths_are_never_contradicted() {
    let truths = corpus("truths.jsonl");
    assert!(truths.len() >= 50);
    for truth in truths {
        let message = &truth.case.final_message;
        assert!(check(&truth.case).iter().all(|c| c.verdict != Verdict::Contradicted), "{message}");
    }
}
