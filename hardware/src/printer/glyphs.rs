//! Characters drawn from a font file: for those a printer does not have, and for the lab's pictures.

use super::{columns::char_width, raster::Raster, slip::COLUMN_DOTS, slip::LINE_DOTS};
use crate::limits::FONT_BYTES_MAX;
use ab_glyph::{Font, FontVec, Point, PxScale, ScaleFont};
use std::{fs, path::Path};

/// Where Debian puts fonts with Chinese characters, best for small sizes first.
const PLACES: [&str; 4] = [
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/unifont/unifont.otf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
];

/// Coverage above which a dot is black.
const BLACK: f32 = 0.45;
/// The baseline of a 24-dot line, from its top.
const BASELINE: f32 = 20.0;

/// A font, read whole.
#[derive(Debug)]
pub struct Glyphs {
    font: FontVec,
}

impl Glyphs {
    /// The font at this path, or else the first of the usual places.
    pub fn find(path: Option<&Path>) -> Option<Self> {
        path.into_iter().chain(PLACES.iter().map(Path::new)).find_map(Self::read)
    }

    /// Reads a font file of at most `FONT_BYTES_MAX`, the first face of a collection.
    pub fn read(path: &Path) -> Option<Self> {
        if fs::metadata(path).ok()?.len() > FONT_BYTES_MAX {
            return None;
        }
        FontVec::try_from_vec_and_index(fs::read(path).ok()?, 0).ok().map(|font| Self { font })
    }

    /// Whether the font draws this character.
    pub fn has(&self, character: char) -> bool {
        character == ' ' || self.font.glyph_id(character).0 != 0
    }

    /// Draws a character into its cell of one or two columns, whose upper left corner is given; `wide` and `high` multiply it.
    pub fn draw(&self, raster: &mut Raster, character: char, (left, top): (usize, usize), (wide, high): (usize, usize)) {
        let cell = (char_width(character) * COLUMN_DOTS) as f32;
        let units = self.font.units_per_em().unwrap_or(1000.0);
        let em = LINE_DOTS as f32 * self.font.height_unscaled() / units;
        let id = self.font.glyph_id(character);
        let advance = self.font.as_scaled(PxScale::from(em)).h_advance(id);
        // Latin letters are narrowed to the column, never widened.
        let squeeze = if advance > cell { cell / advance } else { 1.0 };
        let (across, down) = (wide as f32, high as f32);
        let margin = (cell - advance * squeeze) / 2.0 * across;
        let glyph = id.with_scale_and_position(
            PxScale { x: em * squeeze * across, y: em * down },
            Point { x: left as f32 + margin, y: top as f32 + BASELINE * down },
        );
        if let Some(outline) = self.font.outline_glyph(glyph) {
            let bounds = outline.px_bounds();
            let bottom = (top + LINE_DOTS * high) as f32;
            outline.draw(|x, y, coverage| {
                let (x, y) = (bounds.min.x + x as f32, bounds.min.y + y as f32);
                if coverage > BLACK && x >= 0.0 && y >= top as f32 && y < bottom {
                    raster.set(x as usize, y as usize);
                }
            });
        }
    }
}
