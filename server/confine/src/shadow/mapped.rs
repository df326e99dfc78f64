//! Paths of a copy in output, shown as the workspace's.

use std::borrow::Cow;

/// Every `old` becomes `new`; borrowed when there is none.
pub(super) fn replace<'o>(output: &'o [u8], old: &[u8], new: &[u8]) -> Cow<'o, [u8]> {
    let find = |text: &[u8]| text.windows(old.len()).position(|part| part == old);
    let Some(mut at) = find(output) else {
        return Cow::Borrowed(output);
    };
    let (mut mapped, mut rest) = (Vec::with_capacity(output.len()), output);
    loop {
        let (before, after) = rest.split_at(at);
        mapped.extend_from_slice(before);
        mapped.extend_from_slice(new);
        rest = after.get(old.len()..).unwrap_or_default();
        match find(rest) {
            Some(next) => at = next,
            None => {
                mapped.extend_from_slice(rest);
                return Cow::Owned(mapped);
            }
        }
    }
}
