//! Rules: uploaded, refused, made live, replaced while purchases pour in.

mod activate;
mod javascript;
mod refuse;
mod rollback;
mod upload;
