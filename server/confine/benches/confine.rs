//! Figures of the shadow and the sandbox: `cargo bench -p vouchsafe-confine -- [FILES] [ROUNDS]`.
//!
//! Interleaved rounds, so that a busy machine is busy for everybody: medians, 95th percentiles and ratios are printed as
//! text, and as one line of JSON at the end. `FILES` (default 20000) is the size of the tree, `ROUNDS` (default 100) the
//! number of spawns.
#![cfg_attr(
    all(target_os = "linux", not(vouchsafe_unsupported)),
    expect(
        clippy::unwrap_used,
        clippy::print_stdout,
        clippy::disallowed_methods,
        clippy::indexing_slicing,
        reason = "a program for the developer's terminal that measures plain processes as well"
    )
)]

#[cfg(not(all(target_os = "linux", not(vouchsafe_unsupported))))]
fn main() {}

#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
fn main() {
    vouchsafe_confine::become_zygote_if_asked();
    linux::main();
}

#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod linux {
    use std::fs;
    use std::path::Path;
    use std::time::{Duration, Instant};

    use vouchsafe_confine::{
        Cancel, Command, Confined, Enforced, Limits, Policy, Shadow, ShadowLimits, ShadowPlan,
    };

    /// Samples of one thing, in milliseconds.
    struct Samples(Vec<f64>);

    impl Samples {
        fn at(&self, share: f64) -> f64 {
            let mut sorted = self.0.clone();
            sorted.sort_by(f64::total_cmp);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "an index below the length"
            )]
            let index = ((sorted.len() - 1) as f64 * share) as usize;
            sorted[index]
        }
        fn median(&self) -> f64 {
            self.at(0.5)
        }
        fn p95(&self) -> f64 {
            self.at(0.95)
        }
    }

    fn milliseconds(time: Duration) -> f64 {
        time.as_secs_f64() * 1e3
    }

    pub(super) fn main() {
        let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<usize>().ok());
        let (files, rounds) = (numbers.next().unwrap_or(20_000), numbers.next().unwrap_or(100));
        let top = tempfile::tempdir().unwrap();
        let (workspace, cache) = (top.path().join("workspace"), top.path().join("cache"));
        plant(&workspace, files);
        let started = Instant::now();
        let enforced = Enforced::probe(&std::env::current_exe().unwrap(), &cache).unwrap();
        let probe = milliseconds(started.elapsed());
        println!("tier {:?}, {files} files, {rounds} rounds; probe {probe:.1} ms", enforced.report().tier);
        let mut json =
            serde_json::json!({ "tier": enforced.report().tier, "files": files, "probe_ms": probe });
        let plan = || ShadowPlan {
            workspace: workspace.clone(),
            cache: cache.clone(),
            seeds: Vec::new(),
            hidden: Vec::new(),
            limits: ShadowLimits::default(),
        };
        json["shadow"] = shadow(&enforced, &plan);
        let (shadow, confined) = ready(&enforced, &plan);
        json["zygote_rss_kib"] = zygote_memory(&confined);
        for heap in [64, 512] {
            let held = vec![1u8; heap << 20];
            json[format!("spawn_{heap}_mib")] = spawn(&confined, rounds, heap);
            assert_eq!(held[held.len() / 2], 1, "kept until here");
        }
        json["changes"] = changes(&shadow, &confined, files);
        println!("{json}");
    }

    /// Directories of twenty files, three deep, as source trees have them.
    fn plant(at: &Path, files: usize) {
        for number in 0..files {
            let directory =
                at.join(format!("d{}/e{}/f{}", number / 2000, number / 200 % 10, number / 20 % 10));
            if number % 20 == 0 {
                fs::create_dir_all(&directory).unwrap();
            }
            fs::write(directory.join(format!("file{number}.c")), format!("int f{number};\n").repeat(40))
                .unwrap();
        }
    }

    fn ready(enforced: &Enforced, plan: &dyn Fn() -> ShadowPlan) -> (Shadow, Confined) {
        let shadow = Shadow::make(enforced, plan()).unwrap();
        let confined = enforced.confine(Policy::for_shadow(&shadow)).unwrap();
        (shadow, confined)
    }

    fn shadow(enforced: &Enforced, plan: &dyn Fn() -> ShadowPlan) -> serde_json::Value {
        drop(ready(enforced, plan)); // the verdict on this workspace is made once
        let (mut made, mut both, mut dropped) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..20 {
            let started = Instant::now();
            let shadow = Shadow::make(enforced, plan()).unwrap();
            made.push(milliseconds(started.elapsed()));
            let confined = enforced.confine(Policy::for_shadow(&shadow)).unwrap();
            both.push(milliseconds(started.elapsed()));
            let started = Instant::now();
            drop((confined, shadow));
            dropped.push(milliseconds(started.elapsed()));
        }
        let (made, both, dropped) = (Samples(made), Samples(both), Samples(dropped));
        println!(
            "shadow made {:.1} ms, made and confined {:.1} ms (p95 {:.1}), dropped {:.1} ms",
            made.median(),
            both.median(),
            both.p95(),
            dropped.median()
        );
        serde_json::json!({ "made_ms": made.median(), "ready_ms": both.median(), "ready_p95_ms": both.p95(),
            "dropped_ms": dropped.median() })
    }

    fn zygote_memory(confined: &Confined) -> serde_json::Value {
        let status = fs::read_to_string(format!("/proc/{}/status", confined.zygote_id())).unwrap();
        let field =
            |name| status.lines().find_map(|line: &str| line.strip_prefix(name)).unwrap_or_default().trim();
        println!("zygote: VmRSS {}, of it RssAnon {}", field("VmRSS:"), field("RssAnon:"));
        field("VmRSS:").trim_end_matches(" kB").parse::<u64>().unwrap_or_default().into()
    }

    fn spawn(confined: &Confined, rounds: usize, heap: usize) -> serde_json::Value {
        let (mut plain, mut inside) = (Vec::new(), Vec::new());
        let (command, limits, cancel) =
            (Command::argv(["/usr/bin/true"]), Limits::default(), Cancel::default());
        for _ in 0..rounds {
            let started = Instant::now();
            let output =
                std::process::Command::new("/usr/bin/true").stdin(std::process::Stdio::null()).output();
            assert!(output.unwrap().status.success());
            plain.push(milliseconds(started.elapsed()));
            let started = Instant::now();
            assert!(confined.run(&command, &limits, &cancel, &mut |_, _| {}).unwrap().succeeded());
            inside.push(milliseconds(started.elapsed()));
        }
        let (plain, inside) = (Samples(plain), Samples(inside));
        let ratio = inside.median() / plain.median();
        println!(
            "{heap} MiB heap: posix_spawn {:.2} ms (p95 {:.2}), confined {:.2} ms (p95 {:.2}), ratio {ratio:.2}",
            plain.median(),
            plain.p95(),
            inside.median(),
            inside.p95()
        );
        serde_json::json!({ "plain_ms": plain.median(), "confined_ms": inside.median(), "ratio": ratio,
            "p95_ratio": inside.p95() / plain.p95() })
    }

    fn changes(shadow: &Shadow, confined: &Confined, files: usize) -> serde_json::Value {
        let count = files.min(6000);
        let text = format!("find . -name '*.c' | head -{count} | xargs sed -i 's/int/long/'");
        let seen =
            confined.run(&Command::shell(text), &Limits::default(), &Cancel::default(), &mut |_, _| {});
        assert!(seen.unwrap().succeeded());
        let mut times = Vec::new();
        for _ in 0..5 {
            let started = Instant::now();
            assert_eq!(shadow.changes().unwrap().len(), count);
            times.push(milliseconds(started.elapsed()));
        }
        let (first, again) = (times[0], Samples(times.split_off(1)).median());
        println!("{count} changes listed: first {first:.1} ms, again {again:.1} ms");
        serde_json::json!({ "count": count, "first_ms": first, "again_ms": again })
    }
}
