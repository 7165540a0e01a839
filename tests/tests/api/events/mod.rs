//! What happens besides buying: posted by partners, caused by the gateway, brought by the calendar.

mod activities;
mod calendar;
mod coalition;
mod consents;
mod enrolment;
mod limits;
mod redemptions;
mod signals;
mod vouchers;
