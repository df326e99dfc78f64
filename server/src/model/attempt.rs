//! One try: a request goes out.
//!
//! Invariant: the key is in one header, marked as sensitive; what is kept for the record is bodies, never headers.

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use tokio::time::{Instant, timeout};

use super::answer::Context;
use super::client::Client;
use super::endpoint::{Endpoint, WireFormat};
use super::error::ModelError;
use super::fault::Trouble;
use super::hush::Hush;
use super::keys::Secret;
use super::wire::{self, Asked};
use super::{Delta, Exchange, Request, Turn};

pub(super) async fn attempt(
    client: &Client,
    request: &Request<'_>,
    key: Option<&Secret>,
    delta: &mut dyn FnMut(Delta<'_>),
) -> Result<Turn, Trouble> {
    let started = Instant::now();
    let (endpoint, manners) = (&client.endpoint, client.manners());
    let body = wire::body(endpoint, request, &manners).to_string().into_bytes();
    let context = Context { endpoint, key, manners: &manners, asked: Asked::of(request) };
    let sent = client
        .http
        .post(endpoint.url(wire::operation(endpoint.format)))
        .headers(headers(endpoint, key).map_err(Trouble::Final)?)
        .body(body.clone())
        .send();
    let response = match timeout(context.patience(), sent).await {
        Ok(sent) => sent.map_err(|error| context.not_sent(&error))?,
        Err(_elapsed) => return Err(context.silent()),
    };
    let request_id = request_id(response.headers());
    let mut hush = Hush::new(key.and_then(Secret::sought));
    let answered = context.answer(response, &mut |piece| hush.hears(piece, delta)).await;
    hush.ends(delta);
    let (answer, bytes) = answered?;
    let exchange = Exchange {
        model: answer.model.clone(),
        request: body,
        response: match key {
            Some(key) => key.masked_bytes(bytes),
            None => bytes,
        },
        request_id,
        response_id: answer.id.clone(),
        duration: started.elapsed(),
    };
    context.turn(answer, exchange)
}

/// The headers of a request, the key in the one that the endpoint wants.
pub(super) fn headers(endpoint: &Endpoint, key: Option<&Secret>) -> Result<HeaderMap, ModelError> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream, application/json"));
    if endpoint.format == WireFormat::Messages {
        headers.insert("anthropic-version", HeaderValue::from_static("2023-06-01"));
    }
    if let Some(key) = key {
        let (name, value) = match (endpoint.key_header.as_deref(), endpoint.format) {
            (Some(name), _) => (name, key.for_header().to_owned()),
            (None, WireFormat::Messages) => ("x-api-key", key.for_header().to_owned()),
            (None, _) => (AUTHORIZATION.as_str(), format!("Bearer {}", key.for_header())),
        };
        insert(&mut headers, endpoint, "key_header", name, &value)?;
    }
    for header in &endpoint.headers {
        insert(&mut headers, endpoint, "headers", &header.name, &header.value)?;
    }
    Ok(headers)
}

fn insert(
    headers: &mut HeaderMap,
    endpoint: &Endpoint,
    setting: &str,
    name: &str,
    value: &str,
) -> Result<(), ModelError> {
    let wrong = |what: &str| ModelError::setting(endpoint, setting, what.to_owned());
    let name =
        HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong("it is not the name of a header"))?;
    let mut value = HeaderValue::from_str(value).map_err(|_| wrong("a header cannot hold this value"))?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let id = ["x-request-id", "request-id", "x-amzn-requestid", "cf-ray"]
        .iter()
        .find_map(|name| headers.get(*name));
    id.and_then(|id| id.to_str().ok()).map(|id| id.chars().take(200).collect())
}
