//! Figures of the shadow and the sandbox: `cargo bench -p vouchsafe-confine -- [FILES] [ROUNDS] [--json FILE]`.
//!
//! Interleaved rounds, so that a busy machine is busy for everybody: medians, 95th percentiles and ratios to a plain
//! spawn, to bubblewrap (where `bwrap` is installed) and to `cp -a` are printed as text, and as one line of JSON at the
//! end or into `FILE`. `FILES` (default 20000) is the size of the tree, `ROUNDS` (default 100) the number of spawns.
//! Figures mean something when the load that is printed first is below the number of processors.
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
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let mut numbers = arguments.iter().filter_map(|argument| argument.parse::<usize>().ok());
        let into = arguments.iter().position(|one| one == "--json").and_then(|at| arguments.get(at + 1));
        let (files, rounds) = (numbers.next().unwrap_or(20_000), numbers.next().unwrap_or(100));
        let top = tempfile::tempdir().unwrap();
        let (workspace, cache) = (top.path().join("workspace"), top.path().join("cache"));
        plant(&workspace, files);
        let started = Instant::now();
        let enforced = Enforced::probe(&std::env::current_exe().unwrap(), &cache).unwrap();
        let probe = milliseconds(started.elapsed());
        let load = fs::read_to_string("/proc/loadavg").unwrap();
        let load = load.split(' ').next().unwrap().parse::<f64>().unwrap();
        let tier = enforced.report().tier;
        println!("load {load}, tier {tier:?}, {files} files, {rounds} rounds; probe {probe:.1} ms");
        let mut json = serde_json::json!({ "tier": tier, "files": files, "rounds": rounds, "load": load, "probe_ms": probe });
        let plan = || ShadowPlan {
            workspace: workspace.clone(),
            cache: cache.clone(),
            seeds: Vec::new(),
            hidden: vouchsafe_confine::HiddenFiles::default(),
            limits: ShadowLimits::default(),
        };
        json["shadow"] = shadow(&enforced, &plan, &workspace);
        let (shadow, confined) = ready(&enforced, &plan);
        json["zygote_rss_kib"] = zygote_memory(&confined);
        for heap in [64, 512] {
            let held = vec![1u8; heap << 20];
            json[format!("spawn_{heap}_mib")] = spawn(&confined, rounds, heap, &workspace);
            assert_eq!(held[held.len() / 2], 1, "kept until here");
        }
        drop((confined, shadow));
        json["changes"] = changes(&enforced, &plan, files);
        match into {
            Some(file) => fs::write(file, format!("{json}\n")).unwrap(),
            None => println!("{json}"),
        }
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

    fn shadow(enforced: &Enforced, plan: &dyn Fn() -> ShadowPlan, workspace: &Path) -> serde_json::Value {
        drop(ready(enforced, plan)); // the verdict on this workspace is made once
        let (mut made, mut both, mut dropped, mut copied) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let copy = workspace.with_extension("copy");
        for round in 0..20 {
            if round % 7 == 0 {
                let started = Instant::now();
                let done = std::process::Command::new("cp").arg("-a").args([workspace, &copy]).status();
                copied.push(milliseconds(started.elapsed()));
                assert!(done.unwrap().success());
                fs::remove_dir_all(&copy).unwrap();
            }
            let started = Instant::now();
            let shadow = Shadow::make(enforced, plan()).unwrap();
            made.push(milliseconds(started.elapsed()));
            let confined = enforced.confine(Policy::for_shadow(&shadow)).unwrap();
            both.push(milliseconds(started.elapsed()));
            let started = Instant::now();
            drop((confined, shadow));
            dropped.push(milliseconds(started.elapsed()));
        }
        let (made, both, dropped, copied) = (Samples(made), Samples(both), Samples(dropped), Samples(copied));
        let faster = copied.median() / both.median();
        println!(
            "shadow made {:.1} ms, made and confined {:.1} ms (p95 {:.1}), dropped {:.1} ms; cp -a {:.0} ms, {faster:.0} times as long",
            made.median(),
            both.median(),
            both.p95(),
            dropped.median(),
            copied.median()
        );
        serde_json::json!({ "made_ms": made.median(), "ready_ms": both.median(), "ready_p95_ms": both.p95(),
            "dropped_ms": dropped.median(), "cp_a_ms": copied.median(), "cp_a_ratio": faster })
    }

    fn zygote_memory(confined: &Confined) -> serde_json::Value {
        let status = fs::read_to_string(format!("/proc/{}/status", confined.zygote_id())).unwrap();
        let field =
            |name| status.lines().find_map(|line: &str| line.strip_prefix(name)).unwrap_or_default().trim();
        println!("zygote: VmRSS {}, of it RssAnon {}", field("VmRSS:"), field("RssAnon:"));
        field("VmRSS:").trim_end_matches(" kB").parse::<u64>().unwrap_or_default().into()
    }

    fn spawn(confined: &Confined, rounds: usize, heap: usize, workspace: &Path) -> serde_json::Value {
        let (mut plain, mut inside, mut bubbled) = (Vec::new(), Vec::new(), Vec::new());
        let has_bubblewrap = bubblewrap(workspace).output().is_ok_and(|output| output.status.success());
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
            if has_bubblewrap {
                let started = Instant::now();
                assert!(bubblewrap(workspace).output().unwrap().status.success());
                bubbled.push(milliseconds(started.elapsed()));
            }
        }
        let (plain, inside) = (Samples(plain), Samples(inside));
        let bubbled = has_bubblewrap.then_some(Samples(bubbled));
        let bubbled_ratio = bubbled.as_ref().map(|one| one.median() / plain.median());
        let ratio = inside.median() / plain.median();
        println!(
            "{heap} MiB heap: posix_spawn {:.2} ms (p95 {:.2}), confined {:.2} ms (p95 {:.2}), ratio {ratio:.2}",
            plain.median(),
            plain.p95(),
            inside.median(),
            inside.p95()
        );
        if let (Some(bubbled), Some(ratio)) = (&bubbled, bubbled_ratio) {
            println!(
                "    bubblewrap {:.2} ms (p95 {:.2}), ratio {ratio:.2}",
                bubbled.median(),
                bubbled.p95()
            );
        }
        serde_json::json!({ "plain_ms": plain.median(), "confined_ms": inside.median(), "ratio": ratio,
            "p95_ratio": inside.p95() / plain.p95(), "bubblewrap_ms": bubbled.map(|one| one.median()),
            "bubblewrap_ratio": bubbled_ratio })
    }

    /// The same policy in bubblewrap's words, as far as it has any.
    fn bubblewrap(workspace: &Path) -> std::process::Command {
        let mut command = std::process::Command::new("bwrap");
        command.args(["--unshare-all", "--die-with-parent", "--new-session", "--ro-bind", "/usr", "/usr"]);
        for (target, link) in [("usr/bin", "/bin"), ("usr/lib", "/lib"), ("usr/lib64", "/lib64")] {
            command.args(["--symlink", target, link]);
        }
        command
            .args(["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--bind"])
            .args([workspace, workspace]);
        command.arg("/usr/bin/true").stdin(std::process::Stdio::null());
        command
    }

    /// In three shadows one after the other, since only the first listing of each reads everything.
    fn changes(enforced: &Enforced, plan: &dyn Fn() -> ShadowPlan, files: usize) -> serde_json::Value {
        let count = files.min(6000);
        let text = format!("find . -name '*.c' | head -{count} | xargs sed -i 's/int/long/'");
        let (mut first, mut again) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            let (shadow, confined) = ready(enforced, plan);
            let command = Command::shell(text.clone());
            let seen = confined.run(&command, &Limits::default(), &Cancel::default(), &mut |_, _| {});
            assert!(seen.unwrap().succeeded());
            for look in 0..4 {
                let started = Instant::now();
                assert_eq!(shadow.changes().unwrap().len(), count);
                if look == 0 { &mut first } else { &mut again }.push(milliseconds(started.elapsed()));
            }
        }
        let (first, again) = (Samples(first).median(), Samples(again).median());
        println!("{count} changes listed: first {first:.1} ms, again {again:.1} ms");
        serde_json::json!({ "count": count, "first_ms": first, "again_ms": again })
    }
}
