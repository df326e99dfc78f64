//! What a command must not be able to do, each with the twin that can.

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};

use libtest_mimic::Trial;
use vouchsafe_confine::{Command, Policy, Tier};

use super::yard::{Outsider, Yard, attack_unconfined, enforced, exe, is_root, own_network, said, test, tier};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        test("writes_stay_in_the_shadow", writes_stay_in_the_shadow),
        test("reads_are_a_list", reads_are_a_list),
        test("what_the_user_allows_can_be_read", what_the_user_allows_can_be_read),
        test("no_socket_leads_out", no_socket_leads_out),
        test("abstract_sockets_of_others_are_out_of_reach", abstract_sockets_of_others_are_out_of_reach),
        test("other_processes_are_out_of_reach", other_processes_are_out_of_reach),
        test("powers_of_the_kernel_are_out_of_reach", powers_of_the_kernel_are_out_of_reach),
        test("no_descriptor_is_inherited", no_descriptor_is_inherited),
        test("the_environment_is_a_list", the_environment_is_a_list),
    ]
}

fn writes_stay_in_the_shadow() {
    let yard = Yard::new();
    let task = yard.task();
    let inside = task.shadow.seen_root().join("a.txt");
    let copied = tier() == Tier::LandlockOnly;
    for (there, denied) in [
        (&inside, false),
        (&yard.workspace().join("a.txt"), copied),
        (&yard.secret(), copied),
        (&yard.cache().join("shadows"), true),
    ] {
        let there = there.to_str().unwrap();
        assert_eq!(task.attack(&["write", there]).was_denied(), denied, "write {there}");
    }
    let (inside, secret) = (inside.to_str().unwrap(), yard.secret());
    let secret = secret.to_str().unwrap();
    task.does(&format!("rm -f '{secret}' || true"));
    assert!(task.attack(&["truncate", secret]).was_denied());
    assert!(task.attack(&["remove", secret]).was_denied());
    assert!(task.attack(&["link", secret, "stolen"]).was_denied());
    task.attack(&["rename", inside, &format!("{secret}.new")]);
    task.attack(&["symlink-write", secret, "link"]);
    task.does("echo changed > a.txt");
    assert!(!task.attack(&["symlink-write", inside, "link2"]).was_denied());
    assert!(!yard.top().join("secret.new").exists());
    assert_eq!(std::fs::read(yard.workspace().join("a.txt")).unwrap(), b"one\n");
    assert_eq!(std::fs::read(yard.secret()).unwrap(), b"secret");
}

fn reads_are_a_list() {
    let yard = Yard::new();
    let task = yard.task();
    let secret = yard.secret();
    let secret = secret.to_str().unwrap();
    assert!(attack_unconfined(&["read", secret]));
    assert!(task.attack(&["read", secret]).was_denied());
    assert!(task.attack(&["read", "/etc/shadow"]).was_denied());
    assert!(!task.attack(&["read", "/etc/passwd"]).was_denied());
    assert!(!task.attack(&["list", "/usr/bin"]).was_denied());
    let home = std::env::var("HOME").unwrap();
    std::fs::write(std::path::Path::new(&home).join("yard-marker"), "").unwrap();
    let unseen =
        [(yard.top().to_str().unwrap(), "secret"), ("/", "srv"), ("/etc", "shadow"), (&home, "yard-marker")];
    for (directory, name) in unseen {
        let seen = task.shell(&format!("ls -A '{directory}'"));
        let shown = seen.stdout.kept.split(|byte| *byte == b'\n').any(|line| line == name.as_bytes());
        assert!(!shown, "{directory} shows {name}");
        assert_eq!(seen.succeeded(), tier() == Tier::Namespaces, "{directory}: {}", said(&seen));
    }
}

fn what_the_user_allows_can_be_read() {
    let yard = Yard::new();
    let shadow = yard.shadow();
    let confined =
        enforced().confine(Policy::for_shadow(&shadow).may_read(exe()).may_read(yard.secret())).unwrap();
    let task = super::yard::Task { confined, shadow, yard: None };
    let secret = yard.secret();
    assert!(!task.attack(&["read", secret.to_str().unwrap()]).was_denied());
    assert!(task.attack(&["write", secret.to_str().unwrap()]).was_denied());
    let missing = Policy::for_shadow(&task.shadow).may_read(yard.top().join("missing"));
    let refused = enforced().confine(missing).unwrap_err().to_string();
    assert!(refused.contains("missing") && refused.contains("cannot be opened"), "{refused}");
}

fn no_socket_leads_out() {
    let yard = Yard::new();
    let task = yard.task();
    let (stream, datagram, raw) = ("1", "2", "3");
    for (name, family, kind, protocol) in [
        ("TCP", "2", stream, "0"),
        ("UDP", "2", datagram, "0"),
        ("MPTCP", "2", stream, "262"),
        ("TCP over IPv6", "10", stream, "0"),
        ("netlink", "16", raw, "0"),
    ] {
        let attack = ["socket", family, kind, protocol];
        assert!(attack_unconfined(&attack), "{name} must work outside");
        assert_eq!(task.attack(&attack).was_denied(), !own_network(), "{name}");
    }
    assert!(task.attack(&["socket", "40", stream, "0"]).was_denied(), "vsock");
    assert!(task.attack(&["socket", "38", "5", "0"]).was_denied(), "AF_ALG");
    assert!(!task.attack(&["socket", "1", stream, "0"]).was_denied(), "Unix sockets work");
    assert!(attack_unconfined(&["io_uring"]));
    assert!(task.attack(&["io_uring"]).was_denied());
    nothing_arrives(&task);
}

/// Whatever kind of network commands have, it is not the machine's.
fn nothing_arrives(task: &super::yard::Task) {
    let tcp = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let udp = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    udp.set_nonblocking(true).unwrap();
    let port = tcp.local_addr().unwrap().port().to_string();
    let datagrams = udp.local_addr().unwrap().port();
    for attack in [["connect", "0", &port], ["connect", "262", &port]] {
        assert!(attack_unconfined(&attack));
        assert!(task.attack(&attack).was_denied(), "{attack:?}");
    }
    task.shell(&format!("echo x > /dev/udp/127.0.0.1/{datagrams}"));
    assert!(udp.recv(&mut [0; 8]).is_err(), "no datagram may arrive");
    let sent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().send_to(b"x", ("127.0.0.1", datagrams));
    assert_eq!(sent.unwrap(), 1);
    assert!(udp.recv(&mut [0; 8]).is_ok(), "one from outside does");
}

fn abstract_sockets_of_others_are_out_of_reach() {
    let name = format!("vouchsafe-test-{}", std::process::id());
    let _listener = UnixListener::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
    assert!(attack_unconfined(&["abstract", &name]));
    assert!(Yard::new().task().attack(&["abstract", &name]).was_denied());
}

fn other_processes_are_out_of_reach() {
    let yard = Yard::new();
    let task = yard.task();
    let mut outsider = Outsider::new();
    let pid = outsider.id();
    let zygote = task.confined.zygote_id().to_string();
    for attack in ["kill", "environ", "prlimit", "renice"] {
        assert!(attack_unconfined(&[attack, &pid]), "{attack} must work outside");
        assert!(task.attack(&[attack, &pid]).was_denied(), "{attack}");
        assert!(task.attack(&[attack, &zygote]).was_denied(), "{attack} on the zygote");
    }
    if tier() == Tier::Namespaces {
        assert!(task.attack(&["environ", "1"]).was_denied(), "the command's own init");
        assert!(task.attack(&["ptrace", "1"]).was_denied());
        assert_eq!(task.does("kill -9 1; kill -STOP 1; echo on"), "on\n");
    }
    assert!(task.attack(&["ptrace", &pid]).was_denied());
    assert!(task.attack(&["ptrace", &zygote]).was_denied());
    assert_eq!(task.does("sleep 100 & kill $! && wait $!; test $? = 143 && echo killed"), "killed\n");
    assert!(outsider.lives());
}

fn powers_of_the_kernel_are_out_of_reach() {
    let task = Yard::new().task();
    for attack in ["unshare", "mount", "keyring", "handle", "sysctl"] {
        assert!(task.attack(&[attack]).was_denied(), "{attack}");
    }
    assert_eq!(attack_unconfined(&["unshare"]), own_network());
    assert!(attack_unconfined(&["keyring"]));
    if is_root() {
        assert!(attack_unconfined(&["capabilities"]) && attack_unconfined(&["sysctl"]));
        assert!(task.attack(&["capabilities"]).was_denied());
    }
}

fn no_descriptor_is_inherited() {
    let yard = Yard::new();
    // Deliberately inheritable, as a careless library in the server might leave one.
    let leaked = std::fs::File::open(yard.secret()).unwrap();
    rustix::io::fcntl_setfd(&leaked, rustix::io::FdFlags::empty()).unwrap();
    assert!(attack_unconfined(&["descriptors"]));
    assert!(yard.task().attack(&["descriptors"]).was_denied());
}

fn the_environment_is_a_list() {
    let task = Yard::new().task();
    let names = task.does("env | cut -d= -f1");
    for name in names.lines() {
        let secret = ["TOKEN", "KEY", "SECRET", "SOCK", "PASSWORD"].iter().any(|word| name.contains(word));
        assert!(!secret, "{name}");
    }
    assert!(names.lines().any(|name| name == "HOME"));
    assert_eq!(task.does("test -w $HOME && test -w $TMPDIR && touch $TMPDIR/x $HOME/y && echo ok"), "ok\n");
    let mut command = Command::shell("echo $GIVEN");
    command.env.push(("GIVEN".into(), "yes".into()));
    assert_eq!(said(&task.run(&command)), "yes\n");
}
