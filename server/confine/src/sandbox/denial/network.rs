//! The network that a task has not.
//!
//! In a network namespace the kernel counts each address to which there is no way. So it is known whether a command
//! tried to leave; its words only decide whether that was what it failed at. Tools that we tell to stay offline do not
//! even try: they are known by their own messages.

use super::super::observation::Denial;
use super::{Case, any, contains, message};

/// Messages of tools that were told to stay offline, which they are by the task's environment.
const TOLD_TO_STAY_OFFLINE: &[&[u8]] = &[
    b"you're using offline mode (--offline)", // cargo
    b"but --offline was specified",
    b"in the offline mode (--offline)",
    b"code ENOTCACHED", // npm
    b"cache mode is 'only-if-cached'",
    b"ERR_PNPM_NO_OFFLINE",
    b"disabled by GOPROXY=off",          // go
    b"in offline mode",                  // maven
    b"available for offline mode",       // gradle
    b"because the network was disabled", // uv
];

/// That a name could not be looked up.
const NOT_RESOLVED: &[&[u8]] = &[
    b"ould not resolve host",
    b"emporary failure in name resolution",
    b"emporary failure resolving",
    b"unable to resolve host address",
    b"EAI_AGAIN",
    b"UnknownHostException",
    b"ame or service not known",
    b"nodename nor servname provided",
    b"getaddrinfo",
    b"server misbehaving",
    b"no such host",
];

/// What else is said by what cannot reach somebody.
const NOT_REACHED: &[&[u8]] = &[
    b"etwork is unreachable",
    b"etwork unreachable",
    b"ENETUNREACH",
    b"o route to host",
    b"onnection",
    b"onnect to",
    b"onnect:",
    b"ConnectException",
    b"ConnectError",
    b"etch failed",
    b"ailed to fetch",
    b"ailed to download",
    b"nable to access",
    b"network",
    b"ould not find a version", // pip
    b"imed out",
    b"DNS",
    b"offline",
];

/// What is at work where a socket is refused.
const SOCKET: &[&[u8]] = &[b"socket", b"onnect to", b"connect:", b"dial tcp", b"listen"];

pub(super) fn find(case: &Case<'_>) -> Option<Denial> {
    let says = |words: &[&[u8]]| case.lines().any(|line| any(line, words));
    let denied = match case.reach {
        _ if !contains(case.asked, b"offline") && says(TOLD_TO_STAY_OFFLINE) => true,
        Some(reach) if reach.no_route > 0 => {
            let silent = case.outputs.iter().all(|one| one.total_bytes == 0);
            silent || says(NOT_RESOLVED) || says(NOT_REACHED)
        }
        Some(reach) => reach.no_port > 0 && says(NOT_RESOLVED),
        // Not even a socket to ask with; and outside one can be made.
        None => says(NOT_RESOLVED) || refused_socket(case),
    };
    denied.then(|| Denial {
        what: "the network".to_owned(),
        rule: "a task has no network".to_owned(),
        allow: "fetch the dependencies first, outside, then start it again".to_owned(),
    })
}

fn refused_socket(case: &Case<'_>) -> bool {
    let lines: Vec<&[u8]> = case.lines().collect();
    let of_socket = |at: usize| message(case, &lines, at).iter().any(|line| any(line, SOCKET));
    lines.iter().enumerate().any(|(at, line)| any(line, super::REFUSED) && of_socket(at))
}
