mod checks;
mod examples;
mod properties;
