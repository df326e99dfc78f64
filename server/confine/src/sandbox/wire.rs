//! The bytes between the server and a task's zygote: little-endian numbers, lengths before everything of variable size.
//!
//! Invariants
//! - Decoding any bytes ends, never panics, and never allocates more than the input could fill.
//! - Every value has one encoding; bytes left over are an error.

/// Why some bytes are not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadWire {
    /// The bytes end too early, or a length points past the end.
    #[error("the message is cut short")]
    Short,
    /// Bytes are left over.
    #[error("the message has {0} bytes too many")]
    Long(usize),
    /// A tag or the version is not known.
    #[error("the message has an unknown tag {0}")]
    Tag(u8),
}

/// Something that can be sent.
pub(crate) trait Wire: Sized {
    /// Appends the encoding.
    fn put(&self, out: &mut Vec<u8>);
    /// Takes one value off the front.
    fn take(input: &mut &[u8]) -> Result<Self, BadWire>;

    /// The whole encoding.
    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.put(&mut out);
        out
    }

    /// Decodes all of `input`.
    fn decode(mut input: &[u8]) -> Result<Self, BadWire> {
        let value = Self::take(&mut input)?;
        if input.is_empty() { Ok(value) } else { Err(BadWire::Long(input.len())) }
    }
}

fn take_bytes<'a>(input: &mut &'a [u8], length: usize) -> Result<&'a [u8], BadWire> {
    let (head, tail) = input.split_at_checked(length).ok_or(BadWire::Short)?;
    *input = tail;
    Ok(head)
}

macro_rules! wire_number {
    ($($number:ty),*) => {$(
        impl Wire for $number {
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
            fn take(input: &mut &[u8]) -> Result<Self, BadWire> {
                let bytes = take_bytes(input, size_of::<$number>())?;
                bytes.try_into().map(<$number>::from_le_bytes).map_err(|_| BadWire::Short)
            }
        }
    )*};
}
wire_number!(u8, u32, u64, i32);

impl Wire for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn take(input: &mut &[u8]) -> Result<Self, BadWire> {
        match u8::take(input)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(BadWire::Tag(other)),
        }
    }
}

/// A byte string: a path, an argument, a name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Wire for Bytes {
    fn put(&self, out: &mut Vec<u8>) {
        put_length(self.0.len(), out);
        out.extend_from_slice(&self.0);
    }

    fn take(input: &mut &[u8]) -> Result<Self, BadWire> {
        let length = take_length(input)?;
        take_bytes(input, length).map(|bytes| Self(bytes.to_vec()))
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        put_length(self.len(), out);
        self.iter().for_each(|item| item.put(out));
    }

    fn take(input: &mut &[u8]) -> Result<Self, BadWire> {
        let length = take_length(input)?;
        // Every item takes at least one byte, so a larger count is a lie and must not size an allocation.
        if length > input.len() {
            return Err(BadWire::Short);
        }
        (0..length).map(|_| T::take(input)).collect()
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }

    fn take(input: &mut &[u8]) -> Result<Self, BadWire> {
        if bool::take(input)? { T::take(input).map(Some) } else { Ok(None) }
    }
}

/// Lengths saturate: a message of 4 GiB is refused by the sender's bound long before.
fn put_length(length: usize, out: &mut Vec<u8>) {
    u32::try_from(length).unwrap_or(u32::MAX).put(out);
}

fn take_length(input: &mut &[u8]) -> Result<usize, BadWire> {
    u32::take(input).and_then(|length| usize::try_from(length).map_err(|_| BadWire::Short))
}

/// A struct whose fields travel in order.
macro_rules! wire_struct {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        $visibility struct $name { $($(#[$field_meta])* $visibility $field: $type,)* }

        impl Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                $(self.$field.put(out);)*
            }
            fn take(input: &mut &[u8]) -> Result<Self, BadWire> {
                Ok(Self { $($field: Wire::take(input)?,)* })
            }
        }
    };
}
pub(crate) use wire_struct;
