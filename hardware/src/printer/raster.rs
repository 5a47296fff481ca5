//! A picture of black and white dots, eight to a byte, as printers take it.

use crate::limits::RASTER_ROWS_MAX;

/// Dots, row by row; a set bit is black. Setting a dot outside does nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster {
    width: usize,
    height: usize,
    bytes: Vec<u8>,
}

impl Raster {
    /// An all white picture.
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, bytes: vec![0; width.div_ceil(8) * height] }
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.height
    }

    /// Bytes of one row; the last byte's spare bits are white.
    pub fn stride(&self) -> usize {
        self.width.div_ceil(8)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn set(&mut self, x: usize, y: usize) {
        if x < self.width && y < self.height {
            let at = y * self.stride() + x / 8;
            self.bytes[at] |= 0x80 >> (x % 8);
        }
    }

    pub fn get(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.bytes[y * self.stride() + x / 8] & (0x80 >> (x % 8)) != 0
    }

    /// A black rectangle.
    pub fn fill(&mut self, x: usize, y: usize, wide: usize, high: usize) {
        for row in y..y + high {
            for column in x..x + wide {
                self.set(column, row);
            }
        }
    }

    /// Adds white rows at the foot.
    pub fn grow(&mut self, height: usize) {
        self.height = self.height.max(height);
        self.bytes.resize(self.stride() * self.height, 0);
    }

    /// The picture as `GS v 0` commands of at most `RASTER_ROWS_MAX` rows each, without the white margin on the right.
    pub fn commands(&self) -> Vec<u8> {
        let used =
            self.bytes.chunks(self.stride()).filter_map(|row| row.iter().rposition(|byte| *byte != 0)).max().map_or(1, |last| last + 1);
        let mut out = Vec::new();
        for band in self.bytes.chunks(self.stride() * RASTER_ROWS_MAX) {
            let rows = band.len() / self.stride();
            out.extend([0x1D, 0x76, 0x30, 0x00, (used % 256) as u8, (used / 256) as u8, (rows % 256) as u8, (rows / 256) as u8]);
            for row in band.chunks(self.stride()) {
                out.extend(&row[..used]);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Header and packing of GS v 0: xL xH are bytes a row, yL yH rows; the right margin is not sent.
    #[test]
    fn raster_bytes() {
        let mut raster = Raster::new(384, 3);
        raster.set(0, 0);
        raster.set(9, 2);
        assert_eq!(raster.commands(), [0x1D, 0x76, 0x30, 0, 2, 0, 3, 0, 0x80, 0, 0, 0, 0, 0x40]);
    }

    #[test]
    fn tall_pictures_go_in_bands() {
        let mut raster = Raster::new(8, RASTER_ROWS_MAX + 1);
        raster.fill(0, 0, 8, RASTER_ROWS_MAX + 1);
        let bytes = raster.commands();
        assert_eq!(bytes.len(), 2 * 8 + RASTER_ROWS_MAX + 1);
        assert_eq!(&bytes[8 + RASTER_ROWS_MAX..], [0x1D, 0x76, 0x30, 0, 1, 0, 1, 0, 0xFF]);
    }
}
