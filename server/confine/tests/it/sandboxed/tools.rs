//! Developers' tools work inside.

use libtest_mimic::Trial;

use vouchsafe_confine::{ShadowError, Tier};

use super::yard::{Yard, own_network, path, said, test, tier};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        test("shell_pipelines", shell_pipelines),
        test("git_works_and_touches_nothing_outside", git_works),
        test("git_works_in_a_worktree", git_works_in_a_worktree),
        test("what_git_tracks_counts_though_it_is_ignored", what_git_tracks_counts_though_it_is_ignored),
        test(
            "what_the_user_deletes_meanwhile_is_no_new_file",
            what_the_user_deletes_meanwhile_is_no_new_file,
        ),
        test("sanitizers_work", sanitizers_work),
        test("python_works", python_works),
        test("node_works", node_works),
        test("cargo_works", cargo_works),
    ]
}

fn shell_pipelines() {
    let task = Yard::new().task();
    assert_eq!(task.does("mkdir d e; echo x > d/f; ln d/f e/g; mv d/f e/; ls e"), "f\ng\n");
    assert_eq!(task.does("seq 1000 | grep 9 | wc -l | tr -d ' '"), "271\n");
    assert_eq!(task.does("cat <(echo sub) <<< in; mkfifo p; echo x > p & cat p"), "sub\nx\n");
    assert_eq!(task.does("echo $(( $(nproc) > 0 )); test -r /proc/self/status && echo ok"), "1\nok\n");
    assert_eq!(task.does("f=$(mktemp) && echo x > $f && cat $f && echo y > /dev/null"), "x\n");
}

pub(super) fn git(directory: &std::path::Path, arguments: &[&str]) {
    let output = std::process::Command::new("git")
        .current_dir(directory)
        .args([
            "-c",
            "user.name=T",
            "-c",
            "user.email=t@t",
            "-c",
            "init.defaultBranch=main",
            "-c",
            "safe.directory=*",
        ])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn git_works() {
    let yard = Yard::new();
    git(&yard.workspace(), &["init", "-q"]);
    git(&yard.workspace(), &["add", "."]);
    git(&yard.workspace(), &["commit", "-qm", "first"]);
    yard.write("b.txt", b"dirty\n");
    let before = snapshot(&yard.workspace().join(".git"));
    let task = yard.task();
    assert_eq!(task.does("git status --porcelain"), "?? b.txt\n");
    assert_eq!(
        task.does("echo two >> a.txt; git diff --stat | tail -1").trim(),
        "1 file changed, 1 insertion(+)"
    );
    task.does("git stash -q && git stash pop -q && git add -A && git commit -qm second && git mv a.txt c.txt && git log --oneline");
    assert_eq!(task.does("git log --format=%s"), "second\nfirst\n");
    assert_eq!(snapshot(&yard.workspace().join(".git")), before, "the user's repository is as it was");
    assert!(
        task.shadow.changes().unwrap().iter().all(|change| !change.path.to_string().starts_with(".git/"))
    );
}

fn git_works_in_a_worktree() {
    let yard = Yard::new();
    let main = yard.top().join("main");
    std::fs::create_dir(&main).unwrap();
    git(&main, &["init", "-q"]);
    std::fs::write(main.join("x"), "x\n").unwrap();
    git(&main, &["add", "."]);
    git(&main, &["commit", "-qm", "first"]);
    std::fs::remove_dir_all(yard.workspace()).unwrap();
    git(&main, &["worktree", "add", "-q", yard.workspace().to_str().unwrap(), "-b", "side"]);
    let before = snapshot(&main.join(".git"));
    let task = yard.task();
    assert_eq!(task.does("git branch --show-current"), "side\n");
    task.does("echo y >> x && git commit -qam second");
    assert_eq!(task.does("git log --format=%s && git status --porcelain"), "second\nfirst\n");
    assert_eq!(snapshot(&main.join(".git")), before, "the repository beside the worktree is as it was");
}

fn what_git_tracks_counts_though_it_is_ignored() {
    for version in ["2", "4"] {
        let yard = Yard::new();
        yard.write(".gitignore", b"gen/\n*.out\n");
        for name in ["gen/deep/tracked.txt", "gen/deep/not.txt", "x.out", "y.out"] {
            yard.write(name, b"1\n");
        }
        git(&yard.workspace(), &["init", "-q"]);
        git(&yard.workspace(), &["config", "index.version", version]);
        git(&yard.workspace(), &["add", "-f", "gen/deep/tracked.txt", "x.out", "a.txt"]);
        git(&yard.workspace(), &["update-index", "--index-version", version]);
        let task = yard.task();
        task.does("echo 2 >> gen/deep/tracked.txt; rm x.out; echo 2 > gen/deep/not.txt; echo 2 > y.out");
        let changes = task.shadow.changes().unwrap();
        let changed: Vec<String> = changes.iter().map(|change| change.path.to_string()).collect();
        assert_eq!(changed, ["gen/deep/tracked.txt", "x.out"], "index version {version}");
    }
}

fn what_the_user_deletes_meanwhile_is_no_new_file() {
    let yard = Yard::new();
    yard.write("old.txt", b"old\n");
    git(&yard.workspace(), &["init", "-q"]);
    git(&yard.workspace(), &["add", "."]);
    let task = yard.task();
    task.does("echo more >> old.txt; echo new > new.txt; mv a.txt moved.txt");
    std::fs::remove_file(yard.workspace().join("old.txt")).unwrap();
    let changes = task.shadow.changes().unwrap();
    let created: Vec<(String, bool)> =
        changes.iter().map(|change| (change.path.to_string(), change.before.is_none())).collect();
    let wanted = [("moved.txt", false), ("new.txt", true), ("old.txt", false)];
    assert_eq!(created, wanted.map(|(path, created)| (path.to_owned(), created)));
    let base = task.shadow.base(&path("old.txt"));
    if tier() == Tier::Namespaces {
        assert!(matches!(base, Ok(None) | Err(ShadowError::BaseGone { .. })), "{base:?}");
    }
}

/// They reserve terabytes of addresses that they never touch.
fn sanitizers_work() {
    let yard = Yard::new();
    yard.write("a.c", b"int main(void) { return 0; }\n");
    let task = yard.task();
    task.does("gcc -fsanitize=address,undefined a.c -o a && ./a");
    let limited = vouchsafe_confine::Limits { memory_bytes: Some(1 << 30), ..Default::default() };
    let seen = task.run_with(&vouchsafe_confine::Command::argv(["./a"]), &limited);
    assert!(seen.succeeded(), "{}", said(&seen));
}

/// Every file below a directory with its bytes.
fn snapshot(directory: &std::path::Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        if entry.file_type().unwrap().is_dir() {
            all.extend(snapshot(&entry.path()));
        } else {
            all.push((entry.path(), std::fs::read(entry.path()).unwrap()));
        }
    }
    all.sort();
    all
}

fn python_works() {
    let task = Yard::new().task();
    assert_eq!(task.does("python3 -m json.tool <<< '{\"a\": 1}' | tr -d ' \\n'"), "{\"a\":1}");
    let asyncio = "import asyncio,subprocess,tempfile\nasync def f():\n await asyncio.sleep(0)\n return await (await asyncio.create_subprocess_exec('true')).wait()\nprint(asyncio.run(f()), len(tempfile.mkdtemp())>0)";
    assert_eq!(task.does(&format!("python3 -c \"{asyncio}\"")), "0 True\n");
}

fn node_works() {
    let task = Yard::new().task();
    let script = "require('fs').writeFileSync('n.txt','x');console.log(require('child_process').execSync('echo hi').toString().trim(), require('os').cpus().length>0)";
    assert_eq!(task.does(&format!("node -e \"{script}\"")), "hi true\n");
}

/// Only where the user running the tests has a toolchain.
fn cargo_works() {
    if !super::yard::is_root() {
        // The second run's user has no toolchain of its own; the first run has shown it.
        return;
    }
    let yard = Yard::new();
    yard.write("Cargo.toml", b"[package]\nname=\"t\"\nversion=\"0.1.0\"\nedition=\"2021\"\n");
    yard.write("src/lib.rs", b"pub fn f( )->u8{ let x=1u8;return x }\n#[test] fn t(){ assert_eq!(f(),1) }\n");
    yard.write(".gitignore", b"target\nCargo.lock\n");
    let task = yard.task();
    // `cargo fix` listens on the loopback for its own children, which there is only in a network namespace.
    let clippy = if own_network() { "cargo clippy --fix --allow-no-vcs -q" } else { "cargo clippy -q" };
    task.does(&format!("cargo fmt && {clippy} && cargo test --offline -q"));
    let changed: Vec<String> =
        task.shadow.changes().unwrap().iter().map(|change| change.path.to_string()).collect();
    assert_eq!(changed, ["src/lib.rs"]);
    assert!(task.shadow.ignored_written().unwrap() > 0);
}
