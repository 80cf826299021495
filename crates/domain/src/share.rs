//! Shares: which of many things fall into a percentage, the same on every replica and in every replay.

const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// Says whether what bears a name is among so many of a hundred.
///
/// The same name always gets the same answer. A greater share keeps everything of a smaller one.
pub(crate) fn takes(percent: u8, name: impl Iterator<Item = u8>) -> bool {
    let hash = name.fold(BASIS, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
    mixed(hash) % 100 < u64::from(percent)
}

// FNV leaves the last bytes of similar names in the low bits; this spreads them over all.
const fn mixed(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}
