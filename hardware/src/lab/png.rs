//! A black and white PNG of a raster: one bit a dot, stored without compression. Small enough, and needs no library.

use crate::printer::raster::Raster;

/// White dots around the paper.
pub const MARGIN: usize = 12;
/// Bytes of one stored block of deflate.
const BLOCK_MAX: usize = 65_535;

/// The picture with a white margin.
pub fn encode(raster: &Raster) -> Vec<u8> {
    let (width, height) = (raster.width() + 2 * MARGIN, raster.height() + 2 * MARGIN);
    let mut rows = Vec::new();
    for y in 0..height {
        // Filter "none", then the row; in PNG a set bit is white.
        rows.push(0);
        let mut row = vec![0xFF_u8; width.div_ceil(8)];
        for x in (MARGIN..width - MARGIN).filter(|_| (MARGIN..height - MARGIN).contains(&y)) {
            if raster.get(x - MARGIN, y - MARGIN) {
                row[x / 8] &= !(0x80 >> (x % 8));
            }
        }
        rows.extend(row);
    }
    let mut header = Vec::new();
    header.extend((width as u32).to_be_bytes());
    header.extend((height as u32).to_be_bytes());
    // One bit of grey, deflate, no filter of its own, not interlaced.
    header.extend([1, 0, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1A\n".to_vec();
    chunk(&mut png, *b"IHDR", &header);
    chunk(&mut png, *b"IDAT", &zlib(&rows));
    chunk(&mut png, *b"IEND", &[]);
    png
}

fn chunk(png: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    png.extend((data.len() as u32).to_be_bytes());
    let start = png.len();
    png.extend(name);
    png.extend(data);
    let sum = crc32(&png[start..]);
    png.extend(sum.to_be_bytes());
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = data.chunks(BLOCK_MAX).count();
    for (at, block) in data.chunks(BLOCK_MAX).enumerate() {
        out.push(u8::from(at + 1 == blocks));
        out.extend((block.len() as u16).to_le_bytes());
        out.extend((!(block.len() as u16)).to_le_bytes());
        out.extend(block);
    }
    out.extend(adler32(data).to_be_bytes());
    out
}

fn crc32(data: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in data {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 };
        }
    }
    !sum
}

fn adler32(data: &[u8]) -> u32 {
    let (low, high) = data.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    high << 16 | low
}

#[cfg(test)]
mod tests {
    use super::*;

    // Check values of the two sums as published with their definitions.
    #[test]
    fn sums() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
    }

    #[test]
    fn header_bytes() {
        let png = encode(&Raster::new(384, 24));
        assert_eq!(&png[..16], b"\x89PNG\r\n\x1A\n\x00\x00\x00\x0DIHDR");
        assert_eq!(&png[16..29], [0, 0, 1, 152, 0, 0, 0, 48, 1, 0, 0, 0, 0]);
        assert!(png.ends_with(b"IEND\xAE\x42\x60\x82"));
    }
}
