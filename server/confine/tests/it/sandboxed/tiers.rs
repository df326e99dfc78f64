//! What only one tier has, and the choice between them.

use std::fs;
use std::os::unix::fs::MetadataExt;

use libtest_mimic::Trial;
use vouchsafe_confine::{LayerState, Shadow, Tier};

use super::yard::{Task, Yard, enforced, own_network, path, test, tier};

pub(super) fn trials() -> Vec<Trial> {
    let mut trials =
        vec![test("the_tier_is_chosen_by_trying_and_told", the_tier_is_chosen_by_trying_and_told)];
    if super::again::denied().is_none() {
        trials.extend([
            test("the_workspace_keeps_its_path", the_workspace_keeps_its_path),
            test("only_ones_own_processes_are_seen", only_ones_own_processes_are_seen),
            test("ipc_is_private", ipc_is_private),
            test("terminals_and_shared_memory_work", terminals_and_shared_memory_work),
            test("nothing_of_the_machine_is_left_to_change", nothing_of_the_machine_is_left_to_change),
            test("edits_of_the_user_during_a_task", edits_of_the_user_during_a_task),
            test("paths_that_break_mount_options", paths_that_break_mount_options),
            test("directories_of_the_base_move_by_copying", directories_of_the_base_move_by_copying),
            test("a_warm_build_stays_warm", a_warm_build_stays_warm),
        ]);
    }
    if own_network() {
        trials.push(test("a_server_on_loopback_works", a_server_on_loopback_works));
    }
    trials
}

fn the_tier_is_chosen_by_trying_and_told() {
    let task = Yard::new().task();
    let report = enforced().report();
    assert_eq!((task.confined.tier(), task.shadow.tier()), (tier(), tier()));
    let layer = |name| report.layers.iter().find(|layer| layer.name == name).unwrap();
    match tier() {
        Tier::Namespaces => {
            assert!(report.layers.iter().all(|layer| layer.state == LayerState::On));
            assert_eq!((report.open.len(), task.shadow.why_not_namespaces()), (0, None));
        }
        Tier::LandlockOnly => {
            assert!(matches!(&layer("namespaces").state, LayerState::Off(why) if why.contains("failed")));
            assert_eq!(layer("own network").state == LayerState::On, own_network());
            assert!(!report.open.is_empty() && !report.mend.is_empty());
            assert!(task.shadow.why_not_namespaces().is_some());
        }
    }
}

fn the_workspace_keeps_its_path() {
    let yard = Yard::new();
    let task = yard.task();
    assert_eq!(task.does("pwd").trim(), fs::canonicalize(yard.workspace()).unwrap().to_str().unwrap());
    assert_eq!(task.does("echo $HOME").trim(), std::env::var("HOME").unwrap());
    task.does("touch $HOME/x && test -f $HOME/x");
    assert!(!std::path::Path::new(&std::env::var("HOME").unwrap()).join("x").exists(), "the home is private");
}

fn only_ones_own_processes_are_seen() {
    let task = Yard::new().task();
    assert_eq!(task.does("echo $$"), "2\n");
    let seen: u32 = task.does("ls -d /proc/[0-9]* | wc -l").trim().parse().unwrap();
    assert!(seen <= 4, "{seen}");
}

fn ipc_is_private() {
    let task = Yard::new().task();
    task.does("ipcmk -M 1003 -S 1 -Q > /dev/null && test $(ipcs -m | grep -c 0x) = 1");
    assert_eq!(task.does("ipcs -m | grep -c 0x; true").trim(), "1", "kept for the task's next command");
    let outside = fs::read_to_string("/proc/sysvipc/shm").unwrap();
    assert!(!outside.lines().skip(1).any(|line| line.split_whitespace().nth(3) == Some("1003")));
}

fn terminals_and_shared_memory_work() {
    let task = Yard::new().task();
    let said = task.does("script -qec 'tty; test -t 0 && echo terminal' /dev/null < /dev/null");
    assert!(said.contains("/dev/pts/") && said.contains("terminal"), "{said}");
    let pool =
        "import multiprocessing as m\nwith m.Pool(2) as p: print(p.map(abs, [-1, -2]))\nm.Lock(); m.Queue()";
    assert_eq!(task.does(&format!("python3 -c '{pool}'")), "[1, 2]\n");
    assert!(!task.shell("head -c 1200000000 /dev/zero > /dev/shm/big").succeeded(), "it is bounded");
    assert_eq!(task.does("rm /dev/shm/big; touch /tmp/x && ls /tmp/x"), "/tmp/x\n");
}

fn nothing_of_the_machine_is_left_to_change() {
    let yard = Yard::new();
    let task = yard.task();
    for text in [
        "touch /x",
        "touch /etc/x",
        "chmod 777 /usr",
        "touch /usr/x",
        "rm /etc/passwd",
        "touch /proc/x",
        "echo 1 > /proc/sys/kernel/printk_ratelimit",
        "mount -t tmpfs x /tmp",
        "umount /proc",
        "chroot /",
        "unshare -Ur true",
    ] {
        assert!(!task.shell(text).succeeded(), "{text}");
    }
    let secret = yard.secret();
    let before = fs::metadata(&secret).unwrap().mode();
    assert!(!task.shell(&format!("chmod 777 {}", secret.display())).succeeded());
    assert!(!task.shell(&format!("stat {}", secret.display())).succeeded());
    assert_eq!(fs::metadata(&secret).unwrap().mode(), before);
}

fn edits_of_the_user_during_a_task() {
    let yard = Yard::new();
    let task = yard.task();
    task.does("cat a.txt");
    let saved = yard.workspace().join("new");
    fs::write(&saved, "two\n").unwrap();
    fs::rename(&saved, yard.workspace().join("a.txt")).unwrap(); // as editors save
    assert_eq!(task.shadow.changes().unwrap(), []);
    task.does("echo more >> a.txt");
    assert_eq!(task.shadow.changes().unwrap().len(), 1);
    assert!(task.shadow.base(&path("a.txt")).is_err(), "what the task saw is not what is there now");
    assert_eq!(fs::read(yard.workspace().join("a.txt")).unwrap(), b"two\n");
}

fn paths_that_break_mount_options() {
    let yard = Yard::new();
    let odd = yard.top().join("a:b,c \\d\u{e9}");
    fs::create_dir(&odd).unwrap();
    fs::write(odd.join("f"), "x").unwrap();
    let mut plan = yard.plan();
    plan.workspace = odd;
    let task = Task::new(Shadow::make(enforced(), plan).unwrap());
    assert_eq!(task.shadow.tier(), Tier::Namespaces);
    task.does("echo y >> f");
    assert_eq!(task.shadow.changes().unwrap().len(), 1);
}

fn directories_of_the_base_move_by_copying() {
    let yard = Yard::new();
    yard.write("d/e/f", b"f\n");
    let task = yard.task();
    task.does("mv d moved && test -f moved/e/f && test ! -e d");
    let changes = task.shadow.changes().unwrap();
    assert_eq!((changes.len(), changes[0].renamed_from.clone()), (1, Some(path("d/e/f"))));
}

/// Needs the toolchain of the user that runs the tests.
fn a_warm_build_stays_warm() {
    if !super::yard::is_root() {
        return;
    }
    let yard = Yard::new();
    yard.write("Cargo.toml", b"[package]\nname=\"t\"\nversion=\"0.1.0\"\nedition=\"2021\"\n");
    yard.write("src/lib.rs", b"");
    yard.write("build.rs", b"fn main() { println!(\"cargo:rerun-if-changed=build.rs\"); }\n");
    yard.write(".gitignore", b"target\n");
    let mut build = std::process::Command::new("cargo");
    build.args(["build", "-q", "--offline"]).current_dir(fs::canonicalize(yard.workspace()).unwrap());
    assert!(build.env_remove("CARGO_TARGET_DIR").status().unwrap().success());
    let task = yard.task();
    let said = super::yard::said(&task.shell("cargo build -v --offline"));
    assert!(said.contains("Fresh t ") && !said.contains("Compiling"), "{said}");
}

fn a_server_on_loopback_works() {
    let task = Yard::new().task();
    let server = "import http.server,threading,urllib.request\ns=http.server.HTTPServer((\"127.0.0.1\",0),http.server.SimpleHTTPRequestHandler)\nthreading.Thread(target=s.serve_forever,daemon=True).start()\nprint(urllib.request.urlopen(f\"http://127.0.0.1:{s.server_port}/a.txt\").read())";
    assert_eq!(task.does(&format!("python3 -c '{server}' 2> /dev/null")), "b'one\\n'\n");
}
