//! Goal: the dashboard's API lets in whom it should and nobody else, and does what its page asks. Method: a hub on loopback, asked over HTTP.
mod branch;
mod desk;
mod rights;
mod site;
