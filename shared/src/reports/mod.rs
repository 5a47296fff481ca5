//! Head office's questions over views: read-only, one SQL statement per question, written beside it. A question about a branch goes to a table
//! whose key or index begins with the branch, one about a member to one that begins with the member.
pub mod calls;
pub mod conflicts;
pub mod earned;
pub mod installs;
pub mod list;
pub mod names;
pub mod people;
pub mod report;
pub mod roles;
pub mod slips;
pub mod status;
pub mod stock;
pub mod takings;
pub mod told;
