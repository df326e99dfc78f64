//! `vouchsafe serve`: the language server on standard input and output.

use std::io;

use super::exit::{Exit, Failure};
use crate::agent::{Dirs, Services};
use crate::protocol;

pub(super) fn serve() -> Result<Exit, Failure> {
    let services = Services::new(Dirs::of_process()).map_err(|error| Failure::Refused(error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("serve")
        .enable_all()
        .build()?;
    let code = runtime.block_on(protocol::serve(services, tokio::io::stdin(), tokio::io::stdout()));
    // A read of standard input that never ends must not hold up the end of the process.
    runtime.shutdown_background();
    u8::try_from(code)
        .map(|code| if code == 0 { Exit::Done } else { Exit::Failed })
        .map_err(|_| io::Error::other("exit").into())
}
