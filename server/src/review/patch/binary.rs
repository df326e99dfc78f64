//! Git's way to write bytes into a patch: deflated, in base 85, at most 52 bytes a line.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

const DIGITS: &[u8; 85] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
/// The bytes that one line holds.
const LINE_BYTES_MAX: usize = 52;

/// The section that replaces `old` by `new`, and in reverse.
pub(super) fn patch(old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut out = b"GIT binary patch\n".to_vec();
    literal(new, &mut out);
    literal(old, &mut out);
    out
}

fn literal(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend(format!("literal {}\n", bytes.len()).bytes());
    for line in deflated(bytes).chunks(LINE_BYTES_MAX) {
        out.push(length_digit(line.len()));
        line.chunks(4).for_each(|word| out.extend(base85(word)));
        out.push(b'\n');
    }
    out.push(b'\n');
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to a vector does not fail; were it to, git would refuse the patch for its digest.
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

/// `A` to `Z` for 1 to 26 bytes, `a` to `z` for 27 to 52.
fn length_digit(len: usize) -> u8 {
    let len = u8::try_from(len).unwrap_or(0);
    if len <= 26 { b'A' + len.saturating_sub(1) } else { b'a' + (len - 27) }
}

/// Up to four bytes, filled up with zeros, as five digits.
fn base85(word: &[u8]) -> [u8; 5] {
    let mut value = (0..4).fold(0u32, |sum, at| sum << 8 | u32::from(word.get(at).copied().unwrap_or(0)));
    let mut digits = [0; 5];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS.get((value % 85) as usize).copied().unwrap_or(0);
        value /= 85;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_written_as_git_writes_them() {
        assert_eq!(&base85(&[0, 0, 0, 0]), b"00000");
        assert_eq!(&base85(&[255, 255, 255, 255]), b"|NsC0");
        assert_eq!(
            (length_digit(1), length_digit(26), length_digit(27), length_digit(52)),
            (b'A', b'Z', b'a', b'z')
        );
    }
}
