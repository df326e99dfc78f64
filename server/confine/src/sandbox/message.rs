//! What the server and a task's zygote say to each other.
//!
//! A datagram on a seqpacket socket is [`VERSION`], then one value. From the server the value lies in a sealed memory
//! file whose descriptor comes with the datagram (a command line may be longer than a datagram); a [`ToZygote::Run`]
//! brings three more descriptors, the command's standard streams. Replies are small and lie in the datagram itself.
//!
//! Invariants
//! - The server bounds what it sends ([`REQUEST_BYTES_MAX`]); the zygote bounds what it reads, and ends on anything
//!   that it does not understand.
//! - The zygote is told nothing by a command except how its processes ended.

use super::policy::Access;
use super::wire::{BadWire, Bytes, Wire, wire_struct};

/// Bumped on every change: both ends are the same executable, but it may be replaced while a server runs.
pub(crate) const VERSION: u8 = 3;
/// Bytes of one request: what the kernel takes as arguments and environment, and room for the rest.
pub(crate) const REQUEST_BYTES_MAX: usize = 4 << 20;
/// Bytes of one reply.
pub(crate) const REPLY_BYTES_MAX: usize = 16 << 10;

impl Wire for Access {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(match self {
            Self::Run => 0,
            Self::Read => 1,
            Self::Device => 2,
            Self::Write => 3,
        });
    }

    fn take(input: &mut &[u8]) -> Result<Self, BadWire> {
        match u8::take(input)? {
            0 => Ok(Self::Run),
            1 => Ok(Self::Read),
            2 => Ok(Self::Device),
            3 => Ok(Self::Write),
            other => Err(BadWire::Tag(other)),
        }
    }
}

wire_struct! {
    /// One path that commands may use.
    pub(crate) struct Rule {
        /// Absolute.
        path: Bytes,
        /// How.
        access: Access,
    }
}

/// How something gets into the new root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MountKind {
    /// A symbolic link; `from` is its target.
    Link,
    /// The file or directory `from`, read-only, with what is mounted below it.
    ReadOnly,
    /// A copy of the small file `from`: cheaper than one more mount in every command's namespace.
    Copy,
    /// The directory `from`, writable.
    Private,
    /// A device node.
    Device,
    /// An overlay; `from` is the upper and the work directory and then the lower ones, topmost first.
    Overlay,
    /// As [`Self::Overlay`], read-only over the last of `from` when it cannot be made.
    Cache,
}

impl Wire for MountKind {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(match self {
            Self::Link => 0,
            Self::ReadOnly => 1,
            Self::Private => 2,
            Self::Device => 3,
            Self::Overlay => 4,
            Self::Cache => 5,
            Self::Copy => 6,
        });
    }

    fn take(input: &mut &[u8]) -> Result<Self, BadWire> {
        match u8::take(input)? {
            0 => Ok(Self::Link),
            1 => Ok(Self::ReadOnly),
            2 => Ok(Self::Private),
            3 => Ok(Self::Device),
            4 => Ok(Self::Overlay),
            5 => Ok(Self::Cache),
            6 => Ok(Self::Copy),
            other => Err(BadWire::Tag(other)),
        }
    }
}

wire_struct! {
    /// One thing in the new root.
    pub(crate) struct Mount {
        /// What.
        kind: MountKind,
        /// Where commands see it; absolute, no part of it a link.
        at: Bytes,
        /// What it is made from, as the server sees it.
        from: Vec<Bytes>,
    }
}

wire_struct! {
    /// A root directory of the task's own.
    pub(crate) struct NewRoot {
        /// An empty directory to build it on.
        at: Bytes,
        /// What is in it, in order.
        mounts: Vec<Mount>,
        /// Bytes that /dev/shm may hold.
        shm_bytes: u64,
    }
}

wire_struct! {
    /// What the zygote must build before it serves.
    pub(crate) struct Setup {
        /// Where commands see the workspace.
        root: Bytes,
        /// Everything that commands may touch. Each must exist.
        rules: Vec<Rule>,
        /// The Landlock ABI that the probe found.
        landlock_abi: i32,
        /// Processes that the user may have on top of those alive now.
        processes: u64,
        /// Whether to have a network of its own, with nothing but a loopback.
        own_network: bool,
        /// All namespaces and a root of its own.
        new_root: Option<NewRoot>,
    }
}

wire_struct! {
    /// One command.
    pub(crate) struct Run {
        /// Program and arguments; not empty.
        argv: Vec<Bytes>,
        /// `NAME=value`, complete.
        env: Vec<Bytes>,
        /// Where, below the root; empty is the root.
        directory: Bytes,
        /// Seconds of CPU time of each process.
        cpu_seconds: Option<u64>,
        /// Bytes of each file.
        file_bytes: u64,
        /// Bytes of resident memory of all processes.
        memory_bytes: Option<u64>,
        /// Processes at once.
        processes: u32,
    }
}

/// From the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ToZygote {
    /// The first message, once.
    Setup(Setup),
    /// Start a command; refused while one runs.
    Run(Run),
    /// End the running command, if any.
    Kill,
    /// The answer to [`FromZygote::Unshared`]: the maps are written.
    Mapped,
}

impl Wire for ToZygote {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Setup(setup) => (out.push(0), setup.put(out)).1,
            Self::Run(run) => (out.push(1), run.put(out)).1,
            Self::Kill => out.push(2),
            Self::Mapped => out.push(3),
        }
    }

    fn take(input: &mut &[u8]) -> Result<Self, BadWire> {
        match u8::take(input)? {
            0 => Setup::take(input).map(Self::Setup),
            1 => Run::take(input).map(Self::Run),
            2 => Ok(Self::Kill),
            3 => Ok(Self::Mapped),
            other => Err(BadWire::Tag(other)),
        }
    }
}

wire_struct! {
    /// How a command ended.
    pub(crate) struct End {
        /// The raw wait status of the command's own process.
        status: i32,
        /// User and system time of all processes, in nanoseconds.
        cpu_ns: u64,
        /// Largest resident size of one process, in bytes.
        max_rss: u64,
        /// Processes killed after the command's own process had ended.
        killed: u32,
        /// Set when the zygote stopped it: bytes held.
        out_of_memory: Option<u64>,
        /// Set when the zygote stopped it: processes counted.
        too_many: Option<u32>,
        /// Of a command that failed, where there is a network namespace.
        unreached: Option<Unreached>,
    }
}

wire_struct! {
    /// Ways out of the network namespace that the kernel did not find while a command ran.
    pub(crate) struct Unreached {
        /// Addresses without a route.
        no_route: u64,
        /// Datagrams to ports of the loopback at which nobody listens.
        no_port: u64,
    }
}

/// From the zygote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FromZygote {
    /// The answer to a setup: everything holds.
    Ready,
    /// During a setup: the zygote is in a new user namespace, whose maps only the server can write.
    Unshared,
    /// The answer to a setup: a step failed with this error number. The zygote ends.
    Failed(Bytes, i32),
    /// The answer to a run: nothing was started, for this reason.
    NotStarted(Bytes),
    /// The answer to a run, once no process is left.
    Ended(End),
}

impl Wire for FromZygote {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Ready => out.push(0),
            Self::Unshared => out.push(4),
            Self::Failed(step, errno) => (out.push(1), step.put(out), errno.put(out)).2,
            Self::NotStarted(why) => (out.push(2), why.put(out)).1,
            Self::Ended(end) => (out.push(3), end.put(out)).1,
        }
    }

    fn take(input: &mut &[u8]) -> Result<Self, BadWire> {
        match u8::take(input)? {
            0 => Ok(Self::Ready),
            1 => Ok(Self::Failed(Bytes::take(input)?, i32::take(input)?)),
            2 => Bytes::take(input).map(Self::NotStarted),
            3 => End::take(input).map(Self::Ended),
            4 => Ok(Self::Unshared),
            other => Err(BadWire::Tag(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bytes() -> impl Strategy<Value = Bytes> {
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(Bytes)
    }

    fn run() -> impl Strategy<Value = ToZygote> {
        let many = || proptest::collection::vec(bytes(), 0..6);
        (many(), many(), bytes(), any::<Option<u64>>(), any::<u64>(), any::<Option<u64>>(), any::<u32>())
            .prop_map(|(argv, env, directory, cpu_seconds, file_bytes, memory_bytes, processes)| {
                ToZygote::Run(Run { argv, env, directory, cpu_seconds, file_bytes, memory_bytes, processes })
            })
    }

    fn setup() -> impl Strategy<Value = ToZygote> {
        let access =
            prop_oneof![Just(Access::Run), Just(Access::Read), Just(Access::Device), Just(Access::Write)];
        let rule = (bytes(), access).prop_map(|(path, access)| Rule { path, access });
        let kind = prop_oneof![Just(MountKind::Link), Just(MountKind::Overlay), Just(MountKind::Cache)];
        let mount = (kind, bytes(), proptest::collection::vec(bytes(), 0..4))
            .prop_map(|(kind, at, from)| Mount { kind, at, from });
        let new_root = (bytes(), proptest::collection::vec(mount, 0..4), any::<u64>())
            .prop_map(|(at, mounts, shm_bytes)| NewRoot { at, mounts, shm_bytes });
        let rules = proptest::collection::vec(rule, 0..6);
        (bytes(), rules, any::<i32>(), any::<u64>(), any::<bool>(), proptest::option::of(new_root)).prop_map(
            |(root, rules, landlock_abi, processes, own_network, new_root)| {
                ToZygote::Setup(Setup { root, rules, landlock_abi, processes, own_network, new_root })
            },
        )
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused(input in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(message) = ToZygote::decode(&input) {
                prop_assert_eq!(message.encode(), input.clone());
            }
            if let Ok(message) = FromZygote::decode(&input) {
                prop_assert_eq!(message.encode(), input);
            }
        }

        #[test]
        fn messages_come_back_whole_and_no_part_of_them_is_a_message(
            message in prop_oneof![run(), setup(), Just(ToZygote::Kill)], cut in any::<prop::sample::Index>(),
        ) {
            let encoded = message.encode();
            prop_assert_eq!(ToZygote::decode(&encoded), Ok(message));
            let shorter = &encoded[..cut.index(encoded.len())];
            prop_assert!(ToZygote::decode(shorter).is_err());
            prop_assert_eq!(ToZygote::decode(&[encoded.as_slice(), b"x"].concat()), Err(BadWire::Long(1)));
        }
    }

    #[test]
    fn a_length_that_lies_allocates_nothing() {
        let lie = [1u8, 0xff, 0xff, 0xff, 0xff, 0, 0];
        assert_eq!(ToZygote::decode(&lie), Err(BadWire::Short));
    }
}
