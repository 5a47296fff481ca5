//! Rules of the branch: what devices tell becomes commands, decided like those of people. A command's id follows from its cause, so a rule may
//! run twice and happens once.
pub mod calls;
pub mod sittings;
