//! The binary is three things: the launcher (zygote), the attacker that runs inside, and the tests, which run as the
//! caller and, when that is root, once more as an ordinary user.

mod attacker;
mod changes;
mod denials;
mod lifetime;
mod limits;
mod shadows;
mod tools;
mod yard;

use libtest_mimic::{Arguments, Trial};

pub(super) fn main() -> std::process::ExitCode {
    vouchsafe_confine::become_zygote_if_asked();
    if let Some(code) = attacker::run_if_asked() {
        return code;
    }
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = [
        denials::trials(),
        lifetime::trials(),
        limits::trials(),
        tools::trials(),
        shadows::trials(),
        changes::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    if yard::is_root() {
        trials.push(Trial::test("everything_again_as_an_ordinary_user", yard::again_as_ordinary_user));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}
