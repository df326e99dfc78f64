//! The report of what a probe found: which layers hold, what stays open, how to mend it.

use super::report::{Layer, LayerState, Report, Tier};

impl Report {
    /// Put together from what was tried.
    pub(crate) fn new(landlock_abi: i32, tier: Tier, own_network: bool, why_not: Option<&str>) -> Self {
        let kernel = rustix::system::uname().release().to_string_lossy().into_owned();
        let layers = layers(landlock_abi, own_network, why_not);
        let mut open = Vec::new();
        let mut mend = Vec::new();
        if tier == Tier::LandlockOnly {
            open.extend(OPEN_WITHOUT_NAMESPACES);
            mend.push(MEND_NAMESPACES.to_owned());
            if landlock_abi < SCOPES {
                open.push("signals to the user's other processes and their abstract Unix sockets");
                mend.push(
                    "boot a kernel of version 6.12 or newer, whose Landlock also keeps signals inside"
                        .to_owned(),
                );
            }
        }
        Self { kernel, landlock_abi, tier, layers, open, mend }
    }

    /// Why the stronger tier is not in force, if so.
    pub(crate) fn why_not_namespaces(&self) -> Option<&str> {
        let layer = self.layers.iter().find(|layer| layer.name == NAMESPACES)?;
        match &layer.state {
            LayerState::On => None,
            LayerState::Off(why) => Some(why),
        }
    }
}

const NAMESPACES: &str = "namespaces";
/// The first Landlock ABI with scopes.
const SCOPES: i32 = 6;

const MEND_NAMESPACES: &str = "allow unprivileged user namespaces: on Ubuntu an AppArmor profile for this program with \
     `userns,`; in a container a seccomp profile that allows unshare and mount; elsewhere \
     `sysctl user.max_user_namespaces=15000`";

/// What Landlock does not cover, as `docs/security.md` lists it.
const OPEN_WITHOUT_NAMESPACES: &[&str] = &[
    "mode, owner, times and extended attributes of the user's own files can be changed",
    "whether a file exists, and its size and times, can be asked",
    "names, command lines, mounts, limits and connections of other processes, and the names of keys, can be read in /proc; as root the kernel's own statistics too",
    "System V shared memory, semaphores and message queues of the user",
    "Unix sockets with a path that the user may connect to",
    "scheduling of the user's other processes",
];

fn layers(abi: i32, own_network: bool, why_not: Option<&str>) -> Vec<Layer> {
    let on = |name, closes| Layer { name, state: LayerState::On, closes };
    let when = |name, closes, why: Option<String>| Layer {
        name,
        state: why.map_or(LayerState::On, LayerState::Off),
        closes,
    };
    let no_scopes =
        (abi < SCOPES).then(|| format!("Landlock ABI {abi} has none; ABI {SCOPES} (kernel 6.12) has"));
    let no_network = (!own_network).then(|| {
        "a network namespace cannot be made; the system-call filter closes the network instead, and with it the \
         loopback: servers in tests do not work"
            .to_owned()
    });
    vec![
        on("landlock files", "reading, writing and running anything that is not listed"),
        when("landlock scopes", "signals and abstract Unix sockets of others", no_scopes),
        on(
            "system-call filter",
            "io_uring, tracing, mounts, namespaces, keyrings, terminals' input, strange socket families",
        ),
        when("own network", "every way to connect to anything", no_network),
        on("descriptors", "files that the server holds open"),
        on("capabilities", "the power of root, where the server has it"),
        when(
            NAMESPACES,
            "other processes, System V IPC, names and metadata of files, sockets with a path",
            why_not.map(str::to_owned),
        ),
    ]
}
