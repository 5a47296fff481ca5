//! Counted packages (计次卡): what was sold, what was used, until when it holds. Pure rules: `worth`.
pub mod extend;
pub mod kind;
pub mod sold;
pub mod worth;
