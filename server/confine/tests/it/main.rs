//! Tests of the sandbox and the shadow with real processes; where nothing can be confined, that it is refused.
#![cfg_attr(
    all(target_os = "linux", not(vouchsafe_unsupported)),
    expect(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::print_stdout,
        clippy::disallowed_methods,
        clippy::undocumented_unsafe_blocks,
        reason = "a test program without the harness that would lift these: it may fail loudly, and attacks by raw calls"
    )
)]
#![cfg_attr(
    not(all(target_os = "linux", not(vouchsafe_unsupported))),
    expect(clippy::unwrap_used, reason = "a test program without the harness that would lift it")
)]

#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
mod sandboxed;

#[cfg(all(target_os = "linux", not(vouchsafe_unsupported)))]
fn main() -> std::process::ExitCode {
    sandboxed::main()
}

#[cfg(not(all(target_os = "linux", not(vouchsafe_unsupported))))]
fn main() {
    vouchsafe_confine::become_zygote_if_asked();
    let here = std::path::Path::new(".");
    let refusal = vouchsafe_confine::Enforced::probe(here, here).unwrap_err();
    assert!(matches!(refusal, vouchsafe_confine::Refusal::Unsupported));
    assert!(refusal.to_string().contains("no task is run"), "{refusal}");
    assert_eq!(vouchsafe_confine::Shadow::sweep(here).unwrap(), vouchsafe_confine::Swept::default());
}
