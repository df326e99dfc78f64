//! The same tests in other circumstances, each in a process of its own: a copy of this binary.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use libtest_mimic::{Failed, Trial};

/// Says which family of calls a run of the tests does without: `unshare` (as in containers) or `mount` (as under
/// Ubuntu's AppArmor restriction).
const DENIED: &str = "VOUCHSAFE_TEST_DENIED";
const AGAIN: &str = "VOUCHSAFE_TEST_AGAIN";

pub(super) fn denied() -> Option<String> {
    std::env::var(DENIED).ok()
}

pub(super) fn trials() -> Vec<Trial> {
    if std::env::var_os(AGAIN).is_some() {
        return Vec::new();
    }
    let mut trials = vec![
        Trial::test("everything_again_without_namespaces", || again(None, Some("unshare"))),
        Trial::test("everything_again_without_mounts", || again(None, Some("mount"))),
    ];
    if super::yard::is_root() {
        const USER: u32 = 54_321;
        trials.push(Trial::test("everything_again_as_an_ordinary_user", || again(Some(USER), None)));
        let both = || again(Some(USER), Some("unshare"));
        trials.push(Trial::test("everything_again_as_an_ordinary_user_without_namespaces", both));
    }
    trials
}

fn again(user: Option<u32>, without: Option<&str>) -> Result<(), Failed> {
    let place = tempfile::tempdir()?;
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755))?;
    let (copy, own) = (place.path().join("it"), place.path().join("home"));
    fs::copy(super::yard::exe(), &copy)?;
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o755))?;
    fs::create_dir(&own)?;
    let mut command = std::process::Command::new(&copy);
    command.env(AGAIN, "1").envs(without.map(|what| (DENIED, what)));
    if let Some(user) = user {
        std::os::unix::fs::chown(&own, Some(user), Some(user))?;
        command.env("HOME", &own).env("PATH", "/usr/local/bin:/usr/bin:/bin").env("TMPDIR", &own);
        command.current_dir(&own).uid(user).gid(user);
    }
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
        .into())
}

/// Makes the calls fail for this process and all that it starts.
pub(super) fn lose_powers_if_asked() {
    let calls: &[libc::c_long] = match denied().as_deref() {
        Some("unshare") => &[libc::SYS_unshare],
        Some("mount") => &[libc::SYS_mount, libc::SYS_fsopen, libc::SYS_open_tree],
        _ => return,
    };
    let op =
        |code: u32, jf: u8, k: u32| libc::sock_filter { code: u16::try_from(code).unwrap(), jt: 0, jf, k };
    let mut program = vec![op(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0)];
    for call in calls {
        program.push(op(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, 1, u32::try_from(*call).unwrap()));
        program.push(op(
            libc::BPF_RET | libc::BPF_K,
            0,
            libc::SECCOMP_RET_ERRNO | libc::EACCES.unsigned_abs(),
        ));
    }
    program.push(op(libc::BPF_RET | libc::BPF_K, 0, libc::SECCOMP_RET_ALLOW));
    let header =
        libc::sock_fprog { len: u16::try_from(program.len()).unwrap(), filter: program.as_mut_ptr() };
    rustix::thread::set_no_new_privs(true).unwrap();
    #[expect(unsafe_code, reason = "installs the filter that stands for a stricter machine")]
    let installed =
        unsafe { libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const header) };
    assert_eq!(installed, 0);
}
