//! The connection to one endpoint.
//!
//! Invariants
//! - A redirect is not followed: a key that was meant for one host reaches no other.
//! - What comes from the system's certificates is asked only where TLS is used, so that a local server needs none.

use std::fs;
use std::time::Duration;

use reqwest::{Certificate, ClientBuilder, Proxy, redirect};

use super::endpoint::{Endpoint, ProxyChoice};
use super::error::ModelError;

/// The longest certificate file, in bytes.
const CA_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// A client for an endpoint. Connections are made when they are needed.
pub(super) fn client(endpoint: &Endpoint) -> Result<reqwest::Client, ModelError> {
    // Only the first call in a process does anything.
    rustls::crypto::ring::default_provider().install_default().ok();
    let builder = ClientBuilder::new()
        .user_agent(concat!("vouchsafe/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .connect_timeout(endpoint.connect_timeout)
        .retry(reqwest::retry::never())
        .pool_idle_timeout(Duration::from_secs(60))
        .tcp_nodelay(true);
    let builder = proxied(builder, endpoint)?;
    let own = endpoint.ca_file.is_some().then(|| certificates(endpoint)).transpose()?.unwrap_or_default();
    if endpoint.base_url.scheme() == "http" && !matches!(endpoint.proxy, ProxyChoice::Named(_)) {
        return builder.tls_certs_only([]).build().map_err(|error| machine(&error));
    }
    let with_system = if own.is_empty() { builder } else { builder.tls_certs_merge(own.clone()) };
    with_system.build().map_err(|error| {
        let what = format!("the system's certificates cannot be used ({})", causes(&error));
        ModelError::setting(
            endpoint,
            "ca_file",
            format!("{what}: install them (`ca-certificates`), or name a file"),
        )
    })
}

fn proxied(builder: ClientBuilder, endpoint: &Endpoint) -> Result<ClientBuilder, ModelError> {
    Ok(match &endpoint.proxy {
        ProxyChoice::Direct => builder.no_proxy(),
        ProxyChoice::Environment if endpoint.is_local() => builder.no_proxy(),
        ProxyChoice::Environment => builder,
        ProxyChoice::Named(url) => {
            let proxy = Proxy::all(url.as_str())
                .map_err(|error| ModelError::setting(endpoint, "proxy", causes(&error)))?;
            builder.no_proxy().proxy(proxy)
        }
    })
}

fn certificates(endpoint: &Endpoint) -> Result<Vec<Certificate>, ModelError> {
    let wrong = |what: String| ModelError::setting(endpoint, "ca_file", what);
    let path = endpoint.ca_file.as_deref().unwrap_or(std::path::Path::new(""));
    let length = fs::metadata(path).map_err(|error| wrong(error.to_string()))?.len();
    if length > CA_BYTES_MAX {
        return Err(wrong(format!("it is longer than {CA_BYTES_MAX} bytes")));
    }
    let bytes = fs::read(path).map_err(|error| wrong(error.to_string()))?;
    match Certificate::from_pem_bundle(&bytes) {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(wrong("it holds no certificate in PEM form".to_owned())),
        Err(error) => Err(wrong(causes(&error))),
    }
}

fn machine(error: &reqwest::Error) -> ModelError {
    ModelError::Machine(causes(error))
}

/// What went wrong, from the outermost to the innermost cause, without addresses (they may hold what is secret).
pub(super) fn causes(error: &reqwest::Error) -> String {
    let mut last = String::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = cause {
        last = error.to_string();
        cause = error.source();
    }
    if last.is_empty() { kind(error).to_owned() } else { last }
}

fn kind(error: &reqwest::Error) -> &'static str {
    match error {
        error if error.is_timeout() => "it took too long",
        error if error.is_connect() => "no connection",
        error if error.is_builder() => "the settings cannot be used",
        error if error.is_body() || error.is_decode() => "the connection broke",
        _ => "the request failed",
    }
}

/// Whether it failed because the other side is not trusted, or speaks no TLS.
pub(super) fn is_tls(error: &reqwest::Error) -> bool {
    let why = causes(error);
    let words = [
        "certificate",
        "TLS",
        "tls",
        "UnknownIssuer",
        "HandshakeFailure",
        "InvalidContentType",
        "corrupt message",
    ];
    words.iter().any(|word| why.contains(word))
}
