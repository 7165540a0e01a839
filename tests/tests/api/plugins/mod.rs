//! Rules: uploaded, refused, made live, replaced while purchases pour in.

mod activate;
mod refuse;
mod upload;
