//! What a file holds, in pieces: copies share them until one is written, so that a backup, a clone and what the medium holds cost little.

use std::sync::Arc;

/// Bytes of a piece.
const PIECE: usize = 4096;

type Piece = [u8; PIECE];

/// Behind its length a piece holds zeros.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    pieces: Vec<Arc<Piece>>,
    length: usize,
}

impl Content {
    pub fn of(bytes: &[u8]) -> Self {
        let mut content = Content::default();
        content.write(0, bytes);
        content
    }

    pub fn len(&self) -> usize {
        self.length
    }

    pub fn to_vec(&self) -> Vec<u8> {
        let mut bytes = vec![0; self.length];
        self.read(0, &mut bytes);
        bytes
    }

    /// How many bytes there were from `offset` on; what lies behind the end reads as zeros.
    pub fn read(&self, offset: usize, out: &mut [u8]) -> usize {
        let got = self.length.saturating_sub(offset).min(out.len());
        let (there, beyond) = out.split_at_mut(got);
        beyond.fill(0);
        for (piece, from, at) in parts(offset, there.len()) {
            there[at.clone()].copy_from_slice(&self.pieces[piece][from..from + at.len()]);
        }
        got
    }

    /// Writes; a gap before `offset` reads as zeros.
    pub fn write(&mut self, offset: usize, bytes: &[u8]) {
        if offset + bytes.len() > self.length {
            self.resize(offset + bytes.len());
        }
        for (piece, from, at) in parts(offset, bytes.len()) {
            match <&Piece>::try_from(&bytes[at.clone()]) {
                Ok(whole) => self.pieces[piece] = Arc::new(*whole),
                Err(_) => Arc::make_mut(&mut self.pieces[piece])[from..from + at.len()].copy_from_slice(&bytes[at]),
            }
        }
    }

    /// Cuts, or lengthens with zeros.
    pub fn resize(&mut self, length: usize) {
        let last = length % PIECE;
        if length < self.length && last > 0 {
            Arc::make_mut(&mut self.pieces[length / PIECE])[last..].fill(0);
        }
        self.pieces.resize_with(length.div_ceil(PIECE), || Arc::new([0; PIECE]));
        self.length = length;
    }
}

/// A stretch of a file by pieces: which, where in it the part begins, and which part of the stretch that is.
fn parts(offset: usize, length: usize) -> impl Iterator<Item = (usize, usize, std::ops::Range<usize>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (piece, from) = ((offset + at) / PIECE, (offset + at) % PIECE);
        let part = at..(at + PIECE - from).min(length);
        (at < length).then(|| {
            at = part.end;
            (piece, from, part)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Goal: pieces are nothing that a reader sees. Method: the same writes and cuts on plain bytes.
    #[test]
    fn reads_as_plain_bytes_do() {
        let (mut content, mut plain, mut copies) = (Content::default(), Vec::new(), Vec::new());
        for (n, (offset, length)) in
            [(0, 10), (4_090, 20), (12_000, 1), (0, 4_096), (4_096, 8_192), (5, 5), (20_000, 4_120)].iter().enumerate()
        {
            let bytes = vec![n as u8 + 1; *length];
            content.write(*offset, &bytes);
            plain.resize(plain.len().max(offset + length), 0);
            plain[*offset..offset + length].copy_from_slice(&bytes);
            copies.push((content.clone(), plain.clone()));
            if n % 2 == 1 {
                content.resize(plain.len() - 3_000);
                plain.truncate(plain.len() - 3_000);
            }
            assert_eq!((content.to_vec(), content.len()), (plain.clone(), plain.len()));
        }
        assert!(copies.iter().all(|(content, plain)| content.to_vec() == *plain && *content == Content::of(plain)));
        let mut out = [9; 8];
        assert_eq!((content.read(content.len() - 3, &mut out), &out[3..]), (3, &[0; 5][..]));
    }
}
