//! The harness: starts the real gateway, as a process of its own, on a database of its own, and speaks HTTP to it.
//! It knows the gateway only by its command line and by its HTTP contract; no crate of the gateway is named here.

pub mod actors;
pub mod binaries;
pub mod components;
pub mod database;
pub mod eventually;
pub mod gateway;
pub mod http;
pub mod lock;
pub mod plugins;
pub mod postgres;
pub mod story;
