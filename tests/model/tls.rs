//! TLS: a server with a certificate that nobody knows is refused, and taken when its authority is named.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use vouchsafe::model::{Client, Keys};

use super::{Talk, configured};

const ANSWER: &str = r#"{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"over TLS"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}"#;

/// A server for `localhost`, and the certificate of its authority as PEM.
fn server() -> (SocketAddr, String) {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "an authority of a test");
    let pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, config) = (listener.local_addr().unwrap(), Arc::new(config));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            // A client that does not trust us ends here; the next one may.
            drop(answer(StreamOwned::new(connection, stream)));
        }
    });
    (address, pem)
}

fn answer(mut stream: impl Read + Write) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !is_whole(&request) {
        let read = stream.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        request.extend_from_slice(&buffer[..read]);
    }
    let length = ANSWER.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{ANSWER}"
    )?;
    stream.flush()
}

/// Whether a request has all of its body.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn client(address: SocketAddr, more: &str) -> Client {
    let port = address.port();
    let text = format!(
        "[models.profiles.a]\nbase_url = 'https://localhost:{port}/v1'\nmodel = 'm'\nproxy = 'none'\ntries = 1\n{more}"
    );
    Client::new(&configured(&text), &Keys::default()).unwrap()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a file of the test's own")]
fn an_unknown_certificate_is_refused_and_taken_with_its_authority() {
    let (address, pem) = server();
    let error = Talk::new(client(address, "")).ask().unwrap_err();
    assert_eq!(error.code(), "tls", "{error}");
    assert!(error.to_string().contains("models.profiles.a.ca_file"), "{error}");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pem).unwrap();
    let trusting = client(address, &format!("ca_file = '{}'\n", file.path().display()));
    assert_eq!(Talk::new(trusting).ask().unwrap().text, "over TLS");
    let (_, other) = server();
    std::fs::write(file.path(), other).unwrap();
    let wrong = client(address, &format!("ca_file = '{}'\n", file.path().display()));
    assert_eq!(Talk::new(wrong).ask().unwrap_err().code(), "tls", "another authority of the same name");
}
