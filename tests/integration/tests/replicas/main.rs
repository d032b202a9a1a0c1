//! Several processes of the service on one PostgreSQL: they do one night's work together, whatever
//! becomes of one of them or of the database.

mod companies;
mod contention;
mod interrupted;
mod night;
mod paused;
mod records;
mod shared;
mod unpaced;
