//! What a command of a task cannot reach; each denial has a twin that succeeds, so a missing tool is no denial.

use std::io::Read;
use std::net::{TcpListener, UdpSocket};
use std::os::unix::net::UnixListener;
use std::path::Path;

use crate::command_line::{HELLO, Shell, err, out};

/// Runs a line of bash confined (`vouchsafe exec`); says whether it succeeded.
fn confined(shell: &Shell, line: &str) -> bool {
    shell.vouchsafe(&["exec", "--", "bash", "-c", line]).status.success()
}

/// Runs the same line outside.
fn outside(shell: &Shell, line: &str) -> bool {
    shell.command(Path::new("bash"), &["-c", line]).output().expect("bash").status.success()
}

#[test]
fn no_tcp_no_udp_no_unix_socket() {
    let shell = Shell::new(HELLO);
    let tcp = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let line = format!("exec 3<>/dev/tcp/127.0.0.1/{}", tcp.local_addr().expect("bound").port());
    assert!(outside(&shell, &line), "the twin connects");
    assert!(!confined(&shell, &line));

    let udp = UdpSocket::bind("127.0.0.1:0").expect("loopback");
    let line = format!("echo x > /dev/udp/127.0.0.1/{}", udp.local_addr().expect("bound").port());
    // In a network of its own a datagram can be sent; it must not arrive.
    udp.set_nonblocking(true).expect("a socket");
    confined(&shell, &line);
    assert!(udp.recv(&mut [0; 8]).is_err(), "a datagram left the sandbox");
    assert!(outside(&shell, &line), "the twin sends");
    assert!(udp.recv(&mut [0; 8]).is_ok(), "and it arrives");

    let path = shell.yard.root().join("socket");
    let _listening = UnixListener::bind(&path).expect("a socket in the yard");
    let connect = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])";
    let line = format!("python3 -c '{connect}' {}", path.display());
    assert!(outside(&shell, &line), "the twin connects");
    assert!(!confined(&shell, &line));
    assert!(confined(&shell, "python3 -c 'print(1)'"), "python itself runs");
}

#[test]
fn nothing_beside_the_workspace_is_read_or_written() {
    let shell = Shell::new(HELLO);
    let secret = shell.yard.root().join("home/secret.txt");
    vouchsafe_tests::yard::put(&secret, b"secret\n");
    let read = format!("cat {}", secret.display());
    assert!(outside(&shell, &read), "the twin reads");
    assert!(!confined(&shell, &read));
    // The home directory is a private one at the same place: what is written there goes with the task.
    let write = format!("echo x >> {}", secret.display());
    confined(&shell, &write);
    let beside = shell.yard.root().join("beside/file.txt");
    vouchsafe_tests::yard::put(&beside, b"beside\n");
    assert!(!confined(&shell, &format!("echo x >> {}", beside.display())));
    assert!(outside(&shell, &format!("echo x >> {}", beside.display())), "the twin writes");
    let mut text = String::new();
    std::fs::File::open(&secret).and_then(|mut file| file.read_to_string(&mut text)).expect("the secret");
    assert_eq!(text, "secret\n");
    assert!(outside(&shell, &write), "the twin writes");

    let link = format!("ln -s {} link && cat link", secret.display());
    assert!(!confined(&shell, &link), "nor through a link");
    assert!(
        confined(&shell, "cat a.txt && echo x >> a.txt"),
        "the workspace's own copy can be read and written"
    );
    assert_eq!(shell.read("a.txt"), "hello\n");
}

#[test]
fn the_workspace_itself_cannot_be_written_by_its_real_path() {
    let shell = Shell::new(HELLO);
    let line = format!("echo x >> {}/a.txt; echo y >> a.txt && echo could", shell.yard.workspace().display());
    let output = shell.vouchsafe(&["exec", "--", "bash", "-c", &line]);
    assert!(out(&output).contains("could"), "the twin writes to its copy: {}{}", out(&output), err(&output));
    assert_eq!(shell.yard.disk(), "unchanged");
}

#[test]
fn the_environment_is_scrubbed() {
    let shell = Shell::new(HELLO);
    let mut command = shell.command(&vouchsafe_tests::process::binary("vouchsafe"), &["exec", "--", "env"]);
    let output = command.env("MY_API_TOKEN", "token-of-the-user").output().expect("vouchsafe starts");
    let shown = out(&output) + &err(&output);
    assert!(shown.contains("PATH="), "the twin: env shows what is there: {shown}");
    assert!(!shown.contains("token-of-the-user"), "{shown}");
}

#[test]
fn what_a_command_starts_ends_with_it() {
    let shell = Shell::new(HELLO);
    let output = shell.vouchsafe(&["exec", "--", "bash", "-c", "setsid sleep 31415 & echo started"]);
    assert!(out(&output).contains("started"));
    // `vouchsafe` of the shell has looked for processes already; by name too, since a task has another directory.
    let left = vouchsafe_tests::process::named("sleep 31415");
    assert_eq!(left, []);
}
