//! The server as its users meet it: pages, functions, the live feed, the command line, and the house itself.

#[cfg(test)]
mod app;
#[cfg(test)]
mod command_line;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod functions;
#[cfg(test)]
mod live;
#[cfg(test)]
mod pwa;
#[cfg(test)]
mod security;
#[cfg(test)]
mod source;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod uploads;
