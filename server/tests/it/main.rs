//! The server as its users meet it: pages, functions, the live feed, the command line, and the house itself.

#[cfg(test)]
mod app;
#[cfg(test)]
mod command_line;
#[cfg(test)]
mod configuration;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod egress;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod export;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod functions;
#[cfg(test)]
mod import_schedules;
#[cfg(test)]
mod live;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod push;
#[cfg(test)]
mod pwa;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod security;
#[cfg(test)]
mod shares;
#[cfg(test)]
mod signals;
#[cfg(test)]
mod source;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod uploads;
