//! Standard input and output around tower-lsp: our reader in front, one writer behind.
//!
//! Invariants
//! - One task writes to the output, whole frames only.
//! - The process ends on `exit` and when the input closes, with the exit code LSP asks for, and leaves no work
//!   behind.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, DuplexStream};
use tokio::sync::mpsc;
use tower_lsp::{LspService, Server};

use super::advertised::Advertised;
use super::framing::{self, Frame, framed};
use super::told::Told;
use super::{outbox, server};
use crate::agent::Services;
use crate::session::Session;

/// Requests handled at once. Input stands still when as many are in flight, so it is far above what handlers
/// that never wait can reach.
const CONCURRENCY: usize = 64;
/// Bytes that may wait between our reader and tower-lsp.
const PIPE_BYTES: usize = 1 << 20;
/// Frames that may wait for the output.
const FRAMES_WAITING: usize = 256;
/// How long running tasks get to end, and the output to take the last messages, once the client is gone.
const GRACE: Duration = Duration::from_secs(5);

/// Serves one client on the given streams until it exits; returns the process's exit code.
pub async fn serve(
    services: Services,
    input: impl AsyncRead + Unpin,
    output: impl AsyncWrite + Unpin + Send + 'static,
) -> i32 {
    let (to_server, server_in) = tokio::io::duplex(PIPE_BYTES);
    let (server_out, from_server) = tokio::io::duplex(PIPE_BYTES);
    let (frames, waiting) = mpsc::channel(FRAMES_WAITING);

    let (session, outgoing) = Session::new(services);
    let (shared, told) = (Arc::clone(&session), Arc::new(Told::default()));
    let advertised = Arc::new(Advertised::default());
    let (service, socket) = LspService::build(|client| {
        tokio::spawn(outbox::run(client, Arc::clone(&shared), Arc::clone(&told), outgoing));
        server::VouchsafeServer::new(shared, Arc::clone(&advertised), told)
    })
    .custom_method("window/workDoneProgress/cancel", server::VouchsafeServer::cancel_progress)
    .custom_method("workspace/textDocumentContent", server::VouchsafeServer::text_document_content)
    .finish();

    let writer = tokio::spawn(write(output, waiting));
    tokio::spawn(collect(from_server, frames.clone(), Arc::clone(&advertised)));
    tokio::spawn(Server::new(server_in, server_out, socket).concurrency_level(CONCURRENCY).serve(service));

    let code = pass_on(BufReader::with_capacity(1 << 16, input), to_server, &frames, &advertised).await;
    drop(frames);
    let stopping = tokio::task::spawn_blocking(move || session.stop(GRACE));
    // What is still unsent after the grace has nobody to read it.
    drop(tokio::time::timeout(GRACE, stopping).await);
    drop(tokio::time::timeout(Duration::from_millis(200), writer).await);
    code
}

/// Reads frames until the client exits. The exit code is 0 after `shutdown`, else 1, as LSP has it.
async fn pass_on(
    mut input: impl tokio::io::AsyncBufRead + Unpin,
    mut server: DuplexStream,
    frames: &mpsc::Sender<Vec<u8>>,
    advertised: &Advertised,
) -> i32 {
    let mut shut_down = false;
    loop {
        let body = match framing::next(&mut input).await {
            Ok(Frame::Message(body)) => body,
            Ok(Frame::Shutdown(body)) => {
                shut_down = true;
                body
            }
            Ok(Frame::Refused(answer)) => {
                let Some(answer) = answer else { continue };
                if frames.send(framed(answer.to_string().as_bytes())).await.is_err() {
                    break;
                }
                continue;
            }
            Ok(Frame::Exit | Frame::End) | Err(_) => break,
        };
        advertised.look(&body);
        if server.write_all(&framed(&body)).await.is_err() {
            break;
        }
    }
    i32::from(!shut_down)
}

/// Takes tower-lsp's frames apart so that ours never land inside one.
async fn collect(from_server: DuplexStream, frames: mpsc::Sender<Vec<u8>>, advertised: Arc<Advertised>) {
    let mut from_server = BufReader::new(from_server);
    while let Ok(Some(body)) = framing::body(&mut from_server).await {
        if frames.send(framed(&advertised.complete(body))).await.is_err() {
            return;
        }
    }
}

async fn write(mut output: impl AsyncWrite + Unpin, mut waiting: mpsc::Receiver<Vec<u8>>) {
    while let Some(frame) = waiting.recv().await {
        if output.write_all(&frame).await.is_err() || output.flush().await.is_err() {
            return;
        }
    }
}
