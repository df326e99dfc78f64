//! How often the task's commands found no way out of their network: the kernel counts it in the network namespace.
//!
//! Invariants
//! - Commands run one at a time, so what was counted while one ran is its own.

use std::fs;

use super::super::message::Unreached;

/// The counters as they were before the next command.
pub(super) struct Reach {
    before: Counts,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    no_route: u64,
    no_port: u64,
}

impl Reach {
    /// From now on.
    pub(super) fn new() -> Self {
        Self { before: counts() }
    }

    /// What was counted since the last [`Self::settle`].
    pub(super) fn since(&self) -> Unreached {
        let now = counts();
        Unreached {
            no_route: now.no_route.saturating_sub(self.before.no_route),
            no_port: now.no_port.saturating_sub(self.before.no_port),
        }
    }

    /// Begins anew, so that what one command could not reach is not held against the next. Reading the counters takes a
    /// tenth of the shortest command's time.
    pub(super) fn settle(&mut self) {
        self.before = counts();
    }
}

fn counts() -> Counts {
    let four = fs::read_to_string("/proc/self/net/snmp").unwrap_or_default();
    let six = fs::read_to_string("/proc/self/net/snmp6").unwrap_or_default();
    Counts {
        no_route: named(&four, "Ip:", "OutNoRoutes") + single(&six, "Ip6OutNoRoutes"),
        no_port: named(&four, "Udp:", "NoPorts") + single(&six, "Udp6NoPorts"),
    }
}

/// A counter of the table of two lines, names and numbers, that begin with `protocol`.
fn named(text: &str, protocol: &str, name: &str) -> u64 {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix(protocol));
    let (Some(names), Some(numbers)) = (lines.next(), lines.next()) else {
        return 0;
    };
    let found = names.split_whitespace().zip(numbers.split_whitespace()).find(|(one, _)| *one == name);
    found.and_then(|(_, number)| number.parse().ok()).unwrap_or_default()
}

fn single(text: &str, name: &str) -> u64 {
    let mut fields = text.lines().map(str::split_whitespace);
    let found = fields.find_map(|mut line| (line.next() == Some(name)).then(|| line.next()).flatten());
    found.and_then(|number| number.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_found_by_name() {
        let text = "Ip: Forwarding OutNoRoutes\nIp: 1 7\nUdp: NoPorts\nUdp: 3\n";
        assert_eq!((named(text, "Ip:", "OutNoRoutes"), named(text, "Udp:", "NoPorts")), (7, 3));
        assert_eq!((named(text, "Tcp:", "X"), named("Ip: A\n", "Ip:", "A")), (0, 0));
        assert_eq!(single("Ip6InReceives  \t1\nIp6OutNoRoutes   \t2\n", "Ip6OutNoRoutes"), 2);
    }
}
