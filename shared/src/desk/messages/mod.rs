//! Writing to members: asked for, sent by a worker, ended.
pub mod choose;
pub mod end;
pub mod send;
