mod checks;
mod examples;
mod properties;
mod speed;
