mod checks;
mod examples;
mod properties;
mod waterfalls;
