//! The binary is three things: the launcher (zygote), the attacker that runs inside, and the tests, which run as the
//! caller and then again in other circumstances: as an ordinary user, and where namespaces or mounts are refused.

mod again;
mod attacker;
mod changes;
mod denials;
mod explained;
mod killing;
mod lifetime;
mod limits;
mod renames;
mod shadows;
mod tiers;
mod tools;
mod yard;

use libtest_mimic::{Arguments, Trial};

pub(super) fn main() -> std::process::ExitCode {
    vouchsafe_confine::become_zygote_if_asked();
    if let Some(code) = attacker::run_if_asked() {
        return code;
    }
    again::lose_powers_if_asked();
    let arguments = Arguments::from_args();
    let modules = [
        tiers::trials(),
        denials::trials(),
        explained::trials(),
        killing::trials(),
        lifetime::trials(),
        limits::trials(),
        renames::trials(),
        tools::trials(),
        shadows::trials(),
        changes::trials(),
        again::trials(),
    ];
    let trials: Vec<Trial> = modules.into_iter().flatten().collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}
