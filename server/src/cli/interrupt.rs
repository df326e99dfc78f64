//! Ctrl-C and its kin: the first asks the task to end, which then cleans up.

use vouchsafe_confine::Cancel;

/// Cancels `cancel` when this process is asked to end. Costs a thread that waits.
pub(super) fn cancel_on_signal(cancel: &Cancel) {
    let cancel = cancel.clone();
    let watch = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(asked_to_end());
        cancel.cancel();
    });
    // Without the thread a signal ends the process at once, and the next start removes what it left.
    drop(watch);
}

#[cfg(unix)]
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()].map(signal);
    let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)] = signals else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
}

#[cfg(not(unix))]
async fn asked_to_end() {
    drop(tokio::signal::ctrl_c().await);
}
