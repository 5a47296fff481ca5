//! Devices of a branch: card reader, receipt printer, caller-ID modem. Knows nothing of shops, ledgers or the store.
//!
//! Each device is four files: the trait in shop terms (`mod`), the bytes (`protocol`: pure, incremental, never blocks), the
//! `driver` that talks to a `Port` and to no OS type, and the `simulator`, the other end of the line. The lab puts simulators
//! behind real ptys. A failing device never ends the process: it is retried with back-off and its health says what to do.

pub mod caller_id;
pub mod connection;
pub mod device;
pub mod health;
#[cfg(feature = "lab")]
pub mod lab;
pub mod limits;
pub mod meaning;
pub mod port;
pub mod ports;
pub mod printer;
pub mod pty;
pub mod reader;
pub mod serial;
pub mod simulator;
pub mod tcp;
pub mod trace;
pub mod usb_printer;

pub use device::{Device, Waiting};
pub use health::{Health, Trouble};
pub use meaning::Meaning;
pub use port::{LineSettings, Open, Port, PortAddress, PortFault};
pub use trace::Trace;
